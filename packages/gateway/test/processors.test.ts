import type { IncomingMessage } from 'node:http'
import { app, type Headwater, memoryStore, openStore, subscription } from '@headwater/core'
import { createGateway, type GatewayOptions, type Identity } from '@headwater/gateway'
import { describe, expect, it, onTestFinished } from 'vitest'
import { counter, Increment, Incremented } from './support/app.ts'

interface Operated {
  readonly headwater: Headwater
  send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object, who?: string): Promise<Answer>
}

interface Answer {
  readonly status: number
  readonly json: Record<string, unknown>
}

const identities: Readonly<Record<string, Identity>> = {
  operator: { actor: 'root', tenant: '*' },
  acme: { actor: 'ann', tenant: 'acme' },
  globex: { actor: 'gil', tenant: 'globex' },
}
const identify = ({ headers }: IncomingMessage): Identity =>
  identities[String(headers['x-who'])] ?? { actor: null }

/** Counters, and a subscription that can't handle thirteen, but gives the double of everything else. */
async function operate(options: GatewayOptions = {}): Promise<Operated> {
  const doubled = subscription('doubled', {
    events: [Incremented],
    retry: { attempts: 1 },
    handle: ({ data }) => {
      if (data.by === 13) throw new Error('Thirteen brings bad luck')
      return { doubled: data.by * 2 }
    },
  })
  const superstitious = app({ name: 'superstitious', aggregates: [counter], subscriptions: [doubled] })
  const headwater = await openStore(superstitious, memoryStore(), { onError: () => undefined })
  const gateway = createGateway(headwater, { onError: () => undefined, ...options })
  onTestFinished(async () => {
    await gateway.close()
    await headwater.close()
  })
  return {
    headwater,
    send: async (method, url, body, who = 'operator') => {
      const headers = { 'x-who': who }
      const answer = await gateway.fastify.inject({ method, url, headers, ...(body && { payload: body }) })
      return { status: answer.statusCode, json: answer.json() }
    },
  }
}

/** 13 at position 1, and 2 waiting behind it. */
async function parked(options: GatewayOptions = {}, tenant = ''): Promise<Operated> {
  const operated = await operate(options)
  for (const by of [13, 2]) await operated.headwater.execute(Increment({ counterId: 'a', by }), { tenant })
  await operated.headwater.processor('doubled').waitFor(2)
  return operated
}

const place = '/processors/doubled/parked/1?sequence=counter-a'

describe('/processors/{name}', () => {
  it('is paused and resumed, and says by whom and why', async () => {
    const { send } = await operate({ identify })
    const paused = await send('POST', '/processors/doubled/pause', { why: 'The mail server moves' })
    expect(paused).toMatchObject({
      status: 200,
      json: { paused: { actor: 'root', why: 'The mail server moves', at: expect.any(String) } },
    })
    await expect.poll(async () => (await send('GET', '/processors/doubled')).json['status']).toBe('paused')
    expect((await send('POST', '/processors/doubled/resume')).json).toMatchObject({ paused: null })
    await expect.poll(async () => (await send('GET', '/processors/doubled')).json['status']).toBe('running')
    expect((await send('GET', '/processors/doubled/acts')).json).toMatchObject({
      acts: [{ kind: 'resume' }, { kind: 'pause', actor: 'root', why: 'The mail server moves' }],
    })
  })

  it('is reset backwards only where effects may be repeated', async () => {
    const { send } = await parked()
    const again = { to: 'beginning', why: 'Once more' }
    expect((await send('POST', '/processors/doubled/reset', again)).json).toMatchObject({
      status: 409,
      code: 'processor.repeats-effects',
    })
    const reset = await send('POST', '/processors/doubled/reset', { ...again, repeatEffects: true })
    expect(reset.status).toBe(200)
  })

  it('is not found where there is none', async () => {
    const { send } = await operate()
    for (const [method, url] of [
      ['GET', '/processors/nobody'],
      ['POST', '/processors/nobody/pause'],
      ['GET', '/processors/nobody/parked'],
    ] as const)
      expect((await send(method, url)).json).toMatchObject({ status: 404, code: 'processor.unknown' })
  })

  it.each<[string, string, object, string]>([
    ['a field that there is not', 'pause', { because: 'so' }, '/because'],
    ['an empty reason', 'pause', { why: '' }, '/why'],
    ['a list', 'pause', [], ''],
    ['no place', 'reset', { why: 'so' }, '/to'],
    ['a place before the beginning', 'reset', { why: 'so', to: -1 }, '/to'],
    ['nothing to drop', 'parked/drop', { why: 'so' }, '/sequence'],
    ['no reason to drop', 'parked/drop', { sequence: 'counter-a' }, '/why'],
  ])('refuses %s', async (_what, path, body, pointer) => {
    const answer = await (await operate()).send('POST', `/processors/doubled/${path}`, body)
    expect([answer.status, answer.json['code']]).toEqual([400, 'request.malformed'])
    expect(answer.json['errors']).toContainEqual(expect.objectContaining({ pointer }))
  })
})

describe('/processors/{name}/parked', () => {
  it('lists what is parked, shows it with its error, and what waits behind it', async () => {
    const { send } = await parked()
    expect((await send('GET', '/processors/doubled/parked')).json).toMatchObject({
      events: [
        { position: 1, attempts: 1, sequence: 'counter-a' },
        { position: 2, attempts: 0 },
      ],
    })
    expect((await send('GET', '/processors/doubled/parked/sequences')).json).toMatchObject({
      sequences: [{ sequence: 'counter-a', position: 1, events: 2, isAsked: false }],
    })
    expect((await send('GET', place)).json).toMatchObject({
      error: expect.stringContaining('Thirteen brings bad luck'),
      event: { type: 'Incremented', data: { by: 13 } },
      data: { by: 13 },
      edit: null,
      behind: 1,
    })
  })

  it('edits an event and has it handled with the other data; the log stays as it is', async () => {
    const { send } = await parked({ identify })
    const wrong = await send('PUT', place, { data: { by: 'twelve' }, why: 'A slip' })
    expect(wrong.json).toMatchObject({ status: 400, errors: [{ pointer: '/data/by' }] })
    const edited = await send('PUT', place, { data: { by: 12 }, why: 'A slip' })
    expect(edited.json).toMatchObject({
      data: { by: 12 },
      event: { data: { by: 13 } },
      edit: { actor: 'root', why: 'A slip' },
    })
    expect(await send('POST', '/processors/doubled/parked/retry', { sequence: 'counter-a' })).toEqual({
      status: 202,
      json: { asked: 1 },
    })
    const results = async () => (await send('GET', '/processors/doubled/results')).json
    await expect.poll(results).toMatchObject({
      results: [
        { position: 1, status: 'handled', result: { doubled: 24 }, why: 'A slip' },
        { position: 2, status: 'handled', result: { doubled: 4 } },
      ],
    })
    expect((await send('GET', place)).json).toMatchObject({ status: 404, code: 'processor.not-parked' })
  })

  it('drops one event, and those behind it go on', async () => {
    const { send } = await parked()
    const drop = { sequence: 'counter-a', position: 1, why: 'Bad luck' }
    expect((await send('POST', '/processors/doubled/parked/drop', drop)).json).toEqual({ dropped: 1 })
    const results = async () => (await send('GET', '/processors/doubled/results')).json
    await expect.poll(results).toMatchObject({
      results: [
        { position: 1, status: 'dropped', why: 'Bad luck' },
        { position: 2, status: 'handled' },
      ],
    })
  })

  it('keeps what one tenant has parked from others, and gives all of it to who may reach all', async () => {
    const { send } = await parked({ identify }, 'acme')
    const reads = [
      '/processors/doubled/parked',
      '/processors/doubled/parked/sequences',
      '/processors/doubled/results',
    ]
    for (const url of reads) {
      expect(JSON.stringify((await send('GET', url, undefined, 'globex')).json)).not.toContain('acme')
      expect((await send('GET', `${url}?allTenants=true`, undefined, 'globex')).status).toBe(403)
      expect((await send('GET', `${url}?allTenants=true`)).status).toBe(200)
    }
    expect((await send('GET', place, undefined, 'globex')).status).toBe(404)
    expect((await send('GET', place, undefined, 'acme')).status).toBe(200)
    const drop = { sequence: 'counter-a', why: 'Not mine' }
    expect((await send('POST', '/processors/doubled/parked/drop', drop, 'globex')).status).toBe(404)
    expect((await send('POST', '/processors/doubled/parked/retry', {}, 'globex')).json).toEqual({ asked: 0 })
    expect((await send('PUT', place, { data: { by: 1 }, why: 'Not mine' }, 'globex')).status).toBe(404)
    const all = await send('GET', '/processors/doubled/parked/sequences?allTenants=true')
    expect(all.json).toMatchObject({ sequences: [{ tenant: 'acme', sequence: 'counter-a' }] })
  })

  it('lets nobody of one tenant stop, move or look over what works for all', async () => {
    const { send } = await parked({ identify }, 'acme')
    const reset = { to: 'end', why: 'So' }
    expect((await send('POST', '/processors/doubled/pause', {}, 'acme')).status).toBe(403)
    expect((await send('POST', '/processors/doubled/resume', {}, 'acme')).status).toBe(403)
    expect((await send('POST', '/processors/doubled/reset', reset, 'acme')).status).toBe(403)
    expect((await send('GET', '/processors/doubled/acts', undefined, 'acme')).status).toBe(403)
  })
})

describe('/processors/{name}, divided and repeated', () => {
  it('is divided and joined while it runs', async () => {
    const { send } = await parked({ identify })
    expect((await send('POST', '/processors/doubled/split', {})).json).toMatchObject({
      partitions: [
        { first: 0, last: 32_767 },
        { first: 32_768, last: 65_535 },
      ],
    })
    expect((await send('POST', '/processors/doubled/merge', { partition: 0 })).json).toMatchObject({
      partitions: [{ first: 0, last: 65_535 }],
    })
    const wrong = await send('POST', '/processors/doubled/merge', { partition: 7 })
    expect(wrong.json).toMatchObject({ status: 400, code: 'processor.invalid-partitions' })
  })

  it('is reset by time', async () => {
    const { send } = await parked({ identify })
    const reset = (to: unknown) => send('POST', '/processors/doubled/reset', { to, why: 'So' } as object)
    expect((await reset('2999-01-01T00:00:00Z')).status).toBe(200)
    expect((await reset('2000-01-01')).json).toMatchObject({ status: 409, code: 'processor.repeats-effects' })
    expect((await reset('yesterday')).json).toMatchObject({ status: 400, errors: [{ pointer: '/to' }] })
  })

  it('handles old events once more as a job of its own, and shows what became of each event', async () => {
    const { headwater, send } = await operate({ identify })
    await headwater.execute(Increment({ counterId: 'a', by: 4 }))
    await headwater.processor('doubled').waitFor(1)
    const path = '/processors/doubled/reprocessing'
    expect((await send('POST', path, { from: 1 })).json).toMatchObject({ errors: [{ pointer: '/why' }] })
    expect((await send('POST', path, { from: 'soon', why: 'x' })).json).toMatchObject({
      errors: [{ pointer: '/from' }],
    })
    expect((await send('POST', path, { from: 9, why: 'x' })).json).toMatchObject({
      status: 400,
      code: 'processor.invalid-range',
    })
    const asked = await send('POST', path, { from: 1, to: 1, why: 'it got lost' })
    expect(asked).toMatchObject({ status: 202, json: { from: 1, to: 1, actor: 'root', why: 'it got lost' } })
    const job = `${path}/${String(asked.json['id'])}`
    await expect.poll(async () => (await send('GET', job)).json['state']).toBe('done')
    expect((await send('GET', path)).json['jobs']).toHaveLength(1)
    expect((await send('DELETE', job)).json).toMatchObject({ state: 'done' })
    expect((await send('GET', `${path}/none`)).json).toMatchObject({ code: 'processor.job-unknown' })

    const [event] = (await headwater.readEvents()).events
    const results = await send('GET', `/events/${event?.id}/results`)
    expect(results.json).toMatchObject({
      results: [{ processor: 'doubled', status: 'handled', result: { doubled: 8 }, job: asked.json['id'] }],
    })
    expect((await send('GET', `/events/${event?.id}/results`, undefined, 'acme')).status).toBe(404)
    for (const url of [path, job]) expect((await send('GET', url, undefined, 'acme')).status).toBe(403)
    expect((await send('POST', path, { from: 1, why: 'mine' }, 'acme')).status).toBe(403)
    expect((await send('POST', '/processors/doubled/split', {}, 'acme')).status).toBe(403)
  })
})
