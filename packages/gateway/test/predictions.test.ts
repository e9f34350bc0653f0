import { createClient, HeadwaterProblem } from '@headwater/client'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { describedClient } from './support/described.ts'
import { get, listen, post, request, serve } from './support/serve.ts'

const json = { 'content-type': 'application/json' }
const later = '2050-01-01T00:00:00.000Z'

describe('/predict', () => {
  it('tells what would happen, shows what is looked at, and leaves nothing', async () => {
    const served = await serve()
    const client = await describedClient(served)
    await post(served, 'Increment', { counterId: 'a', by: 50 })
    const commands = [
      { type: 'Increment', data: { counterId: 'a', by: 30 }, id: 'p-1' },
      { type: 'Increment', data: { counterId: 'a', by: 40 }, at: later },
      { type: 'Increment', data: { counterId: 'b' }, expectedRevision: 0 },
    ]
    const look = [
      { view: 'totals', key: 'a' },
      { view: 'totals' },
      { view: 'totals', key: 'none' },
      { stream: 'counter-b' },
      { query: 'GetTotal', input: { counterId: 'a', times: 2 } },
    ]
    const answer = await client.call('predict', { body: { commands, until: later, look } })
    expect(answer.status).toBe(200)
    const { outcomes, diff, now, seen } = answer.json()
    expect(outcomes).toMatchObject([
      { status: 'accepted', commandId: 'p-1', stream: 'counter-a', revision: 2, events: [{ id: 'p-1.1' }] },
      { status: 'rejected', reason: { code: 'too-high', data: { value: 80, by: 40 } } },
      { status: 'accepted', stream: 'counter-b', revision: 1 },
    ])
    const { streams } = diff as { readonly streams: readonly { readonly stream: string }[] }
    expect(streams.map(({ stream }) => stream)).toEqual(expect.arrayContaining(['counter-a', 'counter-b']))
    expect(String(now) >= later).toBe(true)
    expect(seen).toMatchObject([
      { key: 'a', doc: { total: 80 } },
      { items: [{ key: 'a' }, { key: 'b', doc: { total: 1 } }] },
      null,
      { revision: 1, state: { value: 1 } },
      { total: 160 },
    ])
    expect((await get(served, '/streams/counter-a')).json()['events']).toHaveLength(1)
    expect((await get(served, '/branches')).json()).toEqual({ branches: [] })
    const empty = await client.call('predict', { body: {} })
    expect(empty.json()).toMatchObject({ outcomes: [], seen: [], diff: { events: [] } })
  })

  it('says which command is wrong, where it stands', async () => {
    const served = await serve()
    const client = await describedClient(served)
    const fine = { type: 'Increment', data: { counterId: 'a' } }
    const invalid = [fine, { type: 'Increment', data: { counterId: 'a', by: 'many' } }]
    const answer = await client.call('predict', { body: { commands: invalid } })
    expect([answer.status, answer.json()]).toMatchObject([
      400,
      { code: 'command.invalid', errors: [{ pointer: '/commands/1/data/by' }] },
    ])
    const unknown = await client.call('predict', { body: { commands: [fine, { type: 'Fly' }] } })
    expect([unknown.status, unknown.json()]).toMatchObject([
      404,
      { code: 'command.unknown', data: { command: 1 } },
    ])
    expect((await get(served, '/branches')).json()).toEqual({ branches: [] })
  })

  const faults: readonly (readonly [string, object, string])[] = [
    ['commands that are none', { commands: 1 }, '/commands'],
    ['a command without a type', { commands: [{ data: {} }] }, '/commands/0/type'],
    ['a command at no time', { commands: [{ type: 'Increment', at: 'soon' }] }, '/commands/0/at'],
    ['a command with more', { commands: [{ type: 'Increment', actor: 'root' }] }, '/commands/0/actor'],
    ['more than can be looked at', { look: Array.from({ length: 21 }, () => ({ stream: 'a' })) }, '/look'],
    ['a look at two things', { look: [{ stream: 'counter-a', view: 'totals' }] }, '/look/0'],
    ['no time at which it ends', { until: 'soon' }, '/until'],
    ['no place where it begins', { at: 'soon' }, '/at'],
  ]
  it.each(faults)('refuses %s', async (_what, body, pointer) => {
    const answer = await request(await serve(), 'POST', '/predict', {
      payload: JSON.stringify(body),
      headers: json,
    })
    expect([answer.status, answer.json()]).toMatchObject([400, { code: 'request.malformed' }])
    const told = answer.json()['errors'] as readonly { readonly pointer: string }[]
    expect(told.map((fault) => fault.pointer)).toContain(pointer)
  })

  it('refuses times that go back, positions that are not there yet, and what is not there', async () => {
    const client = await describedClient(await serve())
    const at = (time: string) => ({ type: 'Increment', data: { counterId: 'a' }, at: time })
    const refused: readonly (readonly [object, number, string])[] = [
      [{ commands: [at(later), at('2040-01-01T00:00:00Z')] }, 400, 'predict.invalid'],
      [{ at: 5 }, 409, 'time.not-yet'],
      [{ from: 'none' }, 404, 'branch.unknown'],
      [{ look: [{ view: 'none' }] }, 404, 'view.unknown'],
      [{ look: [{ query: 'None' }] }, 404, 'query.unknown'],
      [{ commands: [{ type: 'Reset', data: { counterId: 'a' } }] }, 403, 'command.forbidden'],
      [
        { commands: [{ type: 'Increment', data: { counterId: 'a' }, expectedRevision: 3 }] },
        412,
        'command.revision-mismatch',
      ],
    ]
    for (const [body, status, code] of refused) {
      const answer = await client.call('predict', { body })
      expect([body, answer.status, answer.json()['code']]).toEqual([body, status, code])
    }
  })

  it('is the sender’s, of the sender’s tenant', async () => {
    const identify = ({ headers }: IncomingMessage) =>
      headers['x-who'] === 'ann' ? { actor: 'root', tenant: 'acme' } : { actor: 'gil', tenant: 'globex' }
    const served = await serve({ production: true, identify })
    await post(served, 'Increment', { counterId: 'a', by: 7 }, { 'x-who': 'ann' })
    const body = {
      commands: [{ type: 'Reset', data: { counterId: 'a' } }],
      look: [{ view: 'totals' }, { stream: 'counter-a' }, { query: 'GetTotal', input: { counterId: 'a' } }],
    }
    const asked = (who: string, asking: object) =>
      request(served, 'POST', '/predict', {
        payload: JSON.stringify(asking),
        headers: { ...json, 'x-who': who },
      })
    expect((await asked('ann', body)).json()).toMatchObject({
      outcomes: [{ status: 'accepted', revision: 2 }],
      seen: [{ items: [{ doc: { total: 0 } }] }, { state: { value: 0 } }, { actor: 'root', tenant: 'acme' }],
    })
    expect((await asked('gil', body)).json()).toMatchObject({ code: 'command.forbidden' })
    const theirs = await asked('gil', { look: body.look })
    expect(theirs.json()['seen']).toEqual([
      { items: [], cursor: null },
      expect.objectContaining({ revision: 0 }),
      null,
    ])
  })
})

it('the client predicts, on main and on a branch', async () => {
  const { url } = await listen()
  const client = createClient({ url })
  await client.execute('Increment', { counterId: 'a', by: 50 })
  await client.branches.create('what-if')
  await client.on('what-if').execute('Increment', { counterId: 'a', by: 50 })
  const hypothesis = {
    commands: [{ type: 'Increment', data: { counterId: 'a', by: 10 }, at: new Date(later) }],
    look: [{ view: 'totals', key: 'a' }],
  }
  expect(await client.predict({ ...hypothesis, until: new Date('2051-01-01') })).toMatchObject({
    outcomes: [{ status: 'accepted' }],
    seen: [{ doc: { total: 60 } }],
    now: expect.stringMatching(/^2051/),
  })
  expect(await client.on('what-if').predict(hypothesis)).toMatchObject({
    outcomes: [{ status: 'rejected', reason: { code: 'too-high' } }],
    seen: [{ doc: { total: 100 } }],
    diff: { against: 'what-if' },
  })
  expect(await client.predict({ ...hypothesis, at: 0 })).toMatchObject({ seen: [{ doc: { total: 10 } }] })
  await expect(client.predict({ commands: [{ type: 'Fly', data: {} }] })).rejects.toThrow(HeadwaterProblem)
  expect((await client.branches.list()).map(({ name }) => name)).toEqual(['what-if'])
})
