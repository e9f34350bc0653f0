import { describe, expect, it } from 'vitest'
import { get, post, request, serve, type Served } from './support/serve.ts'

const why = 'read off the receipt'

/** A counter that was incremented by 1 and by 2, as the commands `one` and `two`. */
async function counted(): Promise<Served> {
  const served = await serve({ identify: () => ({ actor: 'ada', tenant: '*' }) })
  await post(served, 'Increment', { counterId: 'a', by: 1 }, { 'idempotency-key': 'one' })
  await post(served, 'Increment', { counterId: 'a', by: 2 }, { 'idempotency-key': 'two' })
  return served
}

function send(served: Served, path: string, body: unknown, headers: Record<string, string> = {}) {
  return request(served, 'POST', path, {
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
}

async function value(served: Served, query = ''): Promise<unknown> {
  return (await get(served, `/streams/counter-a/state${query}`)).json()['state']
}

describe('an event', () => {
  it('is ignored, and restored', async () => {
    const served = await counted()
    const ignored = await send(served, '/events/one.1/ignore', { why })
    expect(ignored.status).toBe(200)
    expect(ignored.json()).toMatchObject({
      position: 3,
      amendments: [{ edit: 'omit', target: 'one.1', stream: 'counter-a', revision: 3, position: 3 }],
    })
    expect(await value(served)).toMatchObject({ value: 2 })
    expect((await send(served, '/events/one.1/restore', { why })).status).toBe(200)
    expect(await value(served)).toMatchObject({ value: 3 })
    expect(await value(served, '?known=3')).toMatchObject({ value: 2 })
    expect(await value(served, '?known=2')).toMatchObject({ value: 3 })
  })

  it('is corrected: history shows what counts, and who says so', async () => {
    const served = await counted()
    expect((await send(served, '/events/two.1/correct', { why, data: { by: 20 } })).status).toBe(200)
    expect(await value(served)).toMatchObject({ value: 21 })
    const history = await get(served, '/streams/counter-a/history')
    expect(history.json()['items']).toMatchObject([
      { event: { id: 'one.1', data: { by: 1 } } },
      { event: { id: 'two.1', data: { by: 20 }, amended: { edit: 'replace', by: 'ada', why, position: 3 } } },
    ])
    const then = await get(served, '/streams/counter-a?known=2')
    expect(then.json()['events']).toMatchObject([{ data: { by: 1 } }, { data: { by: 2 } }])
    // What is recorded stays as it is, and tells of the amendment in its own place.
    const recorded = await get(served, '/streams/counter-a')
    expect(recorded.json()['events']).toMatchObject([
      { data: { by: 1 } },
      { data: { by: 2 } },
      { type: '$amended', data: { edit: 'replace', why, event: { type: 'Incremented', data: { by: 20 } } } },
    ])
  })

  it('that is missing is inserted', async () => {
    const served = await counted()
    const inserted = await send(served, '/events/one.1/insert', { why, type: 'Incremented', data: { by: 5 } })
    expect(inserted.json()).toMatchObject({ amendments: [{ edit: 'insert', target: 'one.1' }] })
    const { items } = (await get(served, '/streams/counter-a/history')).json() as {
      items: { event: { data: unknown } }[]
    }
    expect(items.map(({ event }) => event.data)).toEqual([{ by: 1 }, { by: 5 }, { by: 2 }])
  })
})

describe('many events', () => {
  it('are amended together', async () => {
    const served = await counted()
    const edits = [
      { omit: 'one.1' },
      { replace: { event: 'two.1', data: { by: 7 } } },
      {
        insert: { after: 'two.1', type: 'Incremented', data: { by: 1 }, occurredAt: '2020-01-01T00:00:00Z' },
      },
      { insert: { stream: 'counter-a', type: 'Incremented', data: { by: 30 } } },
      { restore: 'one.1' },
    ]
    expect((await send(served, '/amendments', { why, edits })).status).toBe(200)
    expect(await value(served)).toMatchObject({ value: 39 })
  })

  it('are amended once, however often it is sent', async () => {
    const served = await counted()
    const once = { 'idempotency-key': 'amend-1' }
    const first = await send(served, '/amendments', { why, edits: [{ omit: 'one.1' }] }, once)
    const second = await send(served, '/amendments', { why, edits: [{ omit: 'one.1' }] }, once)
    expect(second.json()).toEqual(first.json())
    const other = await send(served, '/amendments', { why, edits: [{ omit: 'two.1' }] }, once)
    expect([other.status, other.json()['code']]).toEqual([422, 'command.id-reused'])
  })
})

describe('a view', () => {
  it('follows, and is read as it was believed before', async () => {
    const served = await counted()
    const { position } = (await send(served, '/events/two.1/correct', { why, data: { by: 20 } })).json()
    const total = async (query: string) =>
      (await get(served, `/views/totals/a?${query}`)).json() as { doc: { total: number } }
    expect((await total(`waitFor=${String(position)}`)).doc.total).toBe(21)
    expect((await total('known=2')).doc.total).toBe(3)
    expect((await total('at=3&known=2')).doc.total).toBe(3)
    const list = await get(served, '/views/totals?known=2')
    expect(list.json()['items']).toMatchObject([{ key: 'a', doc: { total: 3 } }])
    expect((await get(served, '/views/totals?known=2&at=2020-01-01')).status).toBe(400)
  })
})

describe('going back', () => {
  it('says first what it would take, and which types don’t know how', async () => {
    const served = await counted()
    const plan = await send(served, '/streams/counter-a/revert', { to: 1, dryRun: true })
    expect(plan.json()).toMatchObject({
      head: 2,
      events: [{ id: 'two.1', type: 'Incremented', revision: 2 }],
      lacking: [{ type: 'Incremented', stream: 'counter', events: 1 }],
      recorded: [],
    })
    const refused = await send(served, '/streams/counter-a/revert', { to: 1, why })
    expect([refused.status, refused.json()['code']]).toEqual([422, 'revert.lacking'])
    const all = await send(served, '/revert', { position: 0, dryRun: true })
    expect(all.json()).toMatchObject({ events: [{ id: 'two.1' }, { id: 'one.1' }] })
    const caused = await send(served, '/revert', { causedBy: 'one', dryRun: true })
    expect(caused.json()).toMatchObject({ events: [{ id: 'one.1' }] })
    expect((await send(served, '/revert', { why })).status).toBe(400)
    expect((await send(served, '/streams/counter-a/revert', { why })).status).toBe(400)
  })
})

describe('what is refused', () => {
  it('says where the fault is', async () => {
    const served = await counted()
    const pointers = async (path: string, body: unknown) => {
      const { status, json } = await send(served, path, body)
      const { errors } = json() as { errors?: { pointer: string }[] }
      return [status, ...(errors ?? []).map(({ pointer }) => pointer)]
    }
    expect(await pointers('/events/one.1/ignore', {})).toEqual([400, '/why'])
    expect(await pointers('/events/one.1/ignore', { why, data: 1 })).toEqual([400, '/data'])
    expect(await pointers('/events/one.1/correct', { why, data: { by: 'x' } })).toEqual([400, '/data/by'])
    expect(await pointers('/events/one.1/insert', { why, type: 'Nothing', data: {} })).toEqual([400, '/type'])
    const bad = { replace: { event: 'two.1', data: { by: 'x' } } }
    expect(await pointers('/amendments', { why, edits: [{ omit: 'one.1' }, bad] })).toEqual([
      400,
      '/edits/1/replace/data/by',
    ])
    expect(await pointers('/amendments', { why, edits: 'all' })).toEqual([400, '/edits'])
    expect(await pointers('/amendments', { why, edits: [7] })).toEqual([400, '/edits/0', '/edits/0'])
    expect(
      await pointers('/amendments', { why, edits: [{ insert: { type: 'Incremented', data: {} } }] }),
    ).toEqual([400, '/edits/0/insert/after'])
  })

  it('is an event that is not there, and an amendment', async () => {
    const served = await counted()
    const missing = await send(served, '/events/none.1/ignore', { why })
    expect([missing.status, missing.json()['code']]).toEqual([404, 'event.not-found'])
    await send(served, '/events/one.1/ignore', { why }, { 'idempotency-key': 'said' })
    const again = await send(served, '/events/said.1/ignore', { why })
    expect([again.status, again.json()['code']]).toEqual([422, 'amendment.invalid'])
  })
})
