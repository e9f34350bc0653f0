import { createClient, HeadwaterProblem } from '@headwater/client'
import { describe, expect, it } from 'vitest'
import { describedClient, type DescribedClient } from './support/described.ts'
import { get, listen, request, serve, type Served } from './support/serve.ts'

const json = { 'content-type': 'application/json' }
const branch = { name: 'what-if' }

/** A counter that stands at 90 on main, at 55 on a branch, where 40 more are added therefore. */
async function apart(served: Served): Promise<DescribedClient> {
  const client = await describedClient(served)
  for (const id of ['c-0', 'c-1']) await increment(served, id, 45, 'main')
  await client.call('createBranch', { body: branch })
  const edit = { replace: { event: 'c-1.1', data: { by: 10 } }, why: 'a typing error' }
  expect((await client.call('amendBranch', { parameters: branch, body: edit })).status).toBe(200)
  await increment(served, 'c-2', 40, 'what-if')
  return client
}

function increment(served: Served, id: string, by: number, on: string, counterId = 'a') {
  return request(served, 'POST', `/commands/Increment?branch=${on}`, {
    payload: JSON.stringify({ counterId, by }),
    headers: { ...json, 'idempotency-key': id },
  })
}

describe('/branches/{name}/diff', () => {
  it('shows events, states, documents and outcomes that differ, with why', async () => {
    const served = await serve()
    const client = await apart(served)
    await increment(served, 'c-2', 40, 'main')
    const answer = await client.call('diffBranch', { parameters: branch })
    expect(answer.json()).toMatchObject({
      branch: 'what-if',
      against: 'main',
      common: 2,
      isWhole: true,
      events: [
        { side: 'branch', kind: 'replaced', id: 'c-1.1', why: 'a typing error', event: { data: { by: 10 } } },
        { side: 'branch', kind: 'recorded', id: 'c-2.1', event: { data: { by: 40 } } },
      ],
      streams: [{ stream: 'counter-a', changes: [{ path: 'value', before: 90, after: 95 }] }],
      documents: [
        { view: 'inline-totals', key: 'a', against: { total: 90 }, branch: { total: 95 } },
        { view: 'totals', key: 'a', changes: [{ path: 'total', before: 90, after: 95 }, {}] },
      ],
      commands: [
        {
          id: 'c-2',
          branch: { status: 'accepted', events: [{ type: 'Incremented' }] },
          against: { status: 'rejected', reason: { code: 'too-high', data: { value: 90, by: 40 } } },
        },
      ],
    })
    const bounded = await client.call('diffBranch', { parameters: { ...branch, against: 'main', limit: 1 } })
    expect(bounded.json()).toMatchObject({ isWhole: false })
    expect(bounded.json()['events']).toHaveLength(1)
  })

  it.each([
    ['against=nowhere', 404, 'branch.unknown'],
    ['against=what-if', 400, 'branch.invalid'],
    ['limit=1001', 400, 'request.malformed'],
    ['branch=what-if', 400, 'request.unsupported'],
  ])('refuses ?%s with %i %s', async (query, status, code) => {
    const served = await serve()
    await apart(served)
    expect((await get(served, `/branches/what-if/diff?${query}`)).json()).toMatchObject({ status, code })
  })
})

describe('/branches/{name}/amendments', () => {
  it('takes every edit, alone or with others, and amends the branch alone', async () => {
    const served = await serve()
    const client = await apart(served)
    const amend = (edit: object) =>
      client.call('amendBranch', { parameters: branch, body: { ...edit, why: 'so' } })
    const value = async (on: string) =>
      (await get(served, `/streams/counter-a/state?branch=${on}`)).json()['state']
    for (const [edit, there] of [
      [{ omit: 'c-1.1' }, 85],
      [{ restore: 'c-1.1' }, 130],
      [{ replace: { event: 'c-1.1', data: { by: 1 } } }, 86],
      [{ insert: { after: 'c-1.1', type: 'Incremented', data: { by: 2 }, occurredAt: '2020-01-01' } }, 88],
      [{ insert: { stream: 'counter-a', type: 'Incremented', data: { by: 3 } } }, 91],
      [{ edits: [{ omit: 'c-1.1' }, { omit: 'c-2.1' }] }, 50],
    ] as const) {
      expect([edit, (await amend(edit)).status]).toEqual([edit, 200])
      expect([edit, await value('what-if')]).toMatchObject([edit, { value: there }])
    }
    expect(await value('main')).toMatchObject({ value: 90 })
  })

  it.each([
    [{ omit: 'c-1.1' }, [400, 'request.malformed', '/why']],
    [{ why: 'so' }, [400, 'request.malformed', '']],
    [{ why: 'so', omit: 'c-1.1', restore: 'c-1.1' }, [400, 'request.malformed', '']],
    [
      { why: 'so', replace: { event: 'c-1.1', data: { by: 'x' } } },
      [400, 'request.malformed', '/replace/data/by'],
    ],
    [{ why: 'so', edits: [{ omit: 'c-1.1' }, { omit: 7 }] }, [400, 'request.malformed', '/edits/1/omit']],
    [{ why: 'so', edits: {} }, [400, 'request.malformed', '/edits']],
    [{ why: 'so', omit: 'nothing.1' }, [404, 'event.not-found', undefined]],
  ])('refuses %j', async (body, [status, code, pointer]) => {
    const served = await serve()
    await apart(served)
    const answer = await request(served, 'POST', '/branches/what-if/amendments', {
      payload: JSON.stringify(body),
      headers: json,
    })
    const { errors } = answer.json() as { errors?: readonly { pointer: string }[] }
    expect([answer.status, answer.json()['code'], errors?.[0]?.pointer]).toEqual([status, code, pointer])
  })
})

describe('/branches/{name}/merge', () => {
  it('plans, and then takes over all of it, once', async () => {
    const served = await serve()
    const client = await apart(served)
    const call = (body: object, key?: string) =>
      client.call('mergeBranch', {
        parameters: { ...branch, ...(key !== undefined && { 'Idempotency-Key': key }) },
        body,
      })
    expect((await call({ dryRun: true })).json()).toMatchObject({
      branch: 'what-if',
      into: 'main',
      conflicts: [],
      steps: [{ kind: 'append', id: 'c-2', command: 'Increment' }, { kind: 'amend' }],
    })
    expect((await get(served, '/events')).json()['events']).toHaveLength(2)
    expect((await call({ why: 'it was so', only: ['c-2'] }, 'm-1')).json()).toMatchObject({
      id: 'm-1',
      steps: ['c-2'],
    })
    expect((await call({ why: 'it was so' })).json()['steps']).toHaveLength(1)
    expect((await call({ why: 'it was so' })).json()['steps']).toEqual([])
    const { state } = (await get(served, '/streams/counter-a/state')).json()
    expect(state).toMatchObject({ value: 95 })
    expect((await call({ dryRun: true, only: ['c-9'] })).json()).toMatchObject({ code: 'merge.unknown-step' })
  })

  it('shows both sides of a conflict, and merges as it is resolved', async () => {
    const served = await serve()
    const client = await apart(served)
    await increment(served, 'c-3', 5, 'main')
    const call = (body: object) => client.call('mergeBranch', { parameters: branch, body })
    const refused = await call({ why: 'it was so' })
    expect(refused.json()).toMatchObject({
      status: 409,
      code: 'merge.conflict',
      data: {
        conflicts: [
          {
            stream: 'counter-a',
            kind: 'moved',
            mine: [{ id: 'c-2.1', data: { by: 40 } }, { type: '$amended' }],
            theirs: [{ id: 'c-3.1', data: { by: 5 } }],
          },
        ],
      },
    })
    const resolve = { 'counter-a': 'mine' }
    expect((await call({ dryRun: true, resolve })).json()).toMatchObject({ conflicts: [] })
    expect((await call({ why: 'it was so', resolve })).json()['steps']).toHaveLength(2)
    const { state } = (await get(served, '/streams/counter-a/state')).json()
    expect(state).toMatchObject({ value: 100 })
  })

  it.each([
    [{}],
    [{ why: '' }],
    [{ why: 'so', resolve: 'ours' }],
    [{ why: 'so', resolve: { 'counter-a': 'ours' } }],
    [{ why: 'so', resolve: ['mine'] }],
    [{ why: 'so', only: 'c-2' }],
    [{ why: 'so', only: Array.from({ length: 1_001 }, String) }],
    [{ why: 'so', dryrun: true }],
  ])('refuses %j', async (body) => {
    const served = await serve()
    const client = await apart(served)
    const answer = await client.call('mergeBranch', { parameters: branch, body })
    expect(answer.json()).toMatchObject({ status: 400, code: 'request.malformed' })
    expect((await get(served, '/events')).json()['events']).toHaveLength(2)
  })

  it('asks who may, and is about a branch of the sender’s tenant', async () => {
    const served = await serve(
      { identify: ({ headers }) => ({ actor: String(headers['x-who']), tenant: '*' }) },
      {},
      {
        mayMerge: (_plan, { actor, tenant }) => (actor === 'ada' && tenant === 'acme') || `${actor} may not`,
      },
    )
    const as = (who: string, tenant = 'acme') => ({ ...json, 'x-who': who, 'headwater-tenant': tenant })
    const send = (path: string, body: object, headers: Record<string, string>) =>
      request(served, 'POST', path, { payload: JSON.stringify(body), headers })
    await send('/branches', branch, as('ada'))
    await send('/commands/Increment?branch=what-if', { counterId: 'a', by: 1 }, as('ada'))
    const merge = (headers: Record<string, string>, body: object = { why: 'so' }) =>
      send('/branches/what-if/merge', body, headers)
    expect((await merge(as('bob'))).json()).toMatchObject({
      status: 403,
      code: 'merge.refused',
      detail: 'bob may not',
    })
    for (const [path, body] of [
      ['/branches/what-if/merge', { why: 'so' }],
      ['/branches/what-if/merge', { dryRun: true }],
      ['/branches/what-if/amendments', { why: 'so', omit: 'c-1.1' }],
    ] as const)
      expect((await send(path, body, as('ada', 'globex'))).json()).toMatchObject({ code: 'branch.unknown' })
    const foreign = await get(served, '/branches/what-if/diff', as('ada', 'globex'))
    expect(foreign.json()).toMatchObject({ code: 'branch.unknown' })
    expect((await merge(as('ada'))).json()['steps']).toHaveLength(1)
    expect((await get(served, '/events', as('ada'))).json()['events']).toMatchObject([
      { type: '$merged', actor: 'ada' },
      { type: 'Incremented' },
    ])
  })
})

it('a client compares, amends, plans and merges', async () => {
  const served = await listen()
  await apart(served)
  const { branches } = createClient({ url: served.url })
  const why = 'it was so'
  expect((await branches.diff('what-if')).commands).toMatchObject([{ id: 'c-2' }])
  expect((await branches.diff('what-if', { against: 'main', limit: 1 })).isWhole).toBe(false)
  await branches.amend('what-if', [{ replace: { event: 'c-1.1', data: { by: 11 } } }], { why })
  await increment(served, 'c-3', 5, 'main')
  const refused = await branches.merge('what-if', { why }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(HeadwaterProblem)
  expect(refused).toMatchObject({ status: 409, code: 'merge.conflict' })
  const resolve = { 'counter-a': 'mine' } as const
  expect((await branches.plan('what-if')).conflicts).toMatchObject([{ stream: 'counter-a' }])
  expect((await branches.plan('what-if', { resolve })).steps).toHaveLength(3)
  const merged = await branches.merge('what-if', { why, resolve, id: 'm-1' })
  expect(merged).toMatchObject({ id: 'm-1', decided: [] })
  const { value } = (await get(served, '/streams/counter-a/state')).json()['state'] as { value: number }
  expect(value).toBe(101)
})
