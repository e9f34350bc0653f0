import { describe, expect, it } from 'vitest'
import { get, post, request, serve, type Served } from './support/serve.ts'

const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

async function withCounters(...names: string[]): Promise<Served> {
  const served = await serve()
  for (const [index, counterId] of names.entries()) {
    await post(served, 'Increment', { counterId, by: index + 1 }, { 'idempotency-key': `c-${index + 1}` })
  }
  return served
}

describe('GET /streams/{stream}', () => {
  it('gives its events as envelopes, and its revision as ETag', async () => {
    const served = await withCounters('a')
    const answer = await get(served, '/streams/counter-a')
    expect(answer.status).toBe(200)
    expect(answer.headers['etag']).toBe('"1"')
    expect(answer.json()).toEqual({
      events: [
        {
          id: 'c-1.1',
          type: 'Incremented',
          version: 1,
          stream: 'counter-a',
          aggregateId: 'a',
          revision: 1,
          position: 1,
          recordedAt: isoTime,
          occurredAt: isoTime,
          actor: null,
          correlationId: 'c-1',
          causationId: 'c-1',
          data: { by: 1 },
        },
      ],
    })
  })

  it('goes on after a revision, page by page', async () => {
    const served = await withCounters('a', 'b', 'a', 'a')
    const revisions = async (query: string): Promise<unknown> =>
      ((await get(served, `/streams/counter-a${query}`)).json()['events'] as { revision: number }[]).map(
        ({ revision }) => revision,
      )
    expect(await revisions('?limit=2')).toEqual([1, 2])
    expect(await revisions('?after=2')).toEqual([3])
    expect(await revisions('?after=3')).toEqual([])
  })

  it('says 304 to who knows its revision', async () => {
    const served = await withCounters('a')
    const answer = await get(served, '/streams/counter-a', { 'if-none-match': 'W/"0", "1"' })
    expect(answer.status).toBe(304)
    expect(answer.body).toBe('')
    expect((await get(served, '/streams/counter-a', { 'if-none-match': '"0"' })).status).toBe(200)
  })

  it('is a 404 where there are no events', async () => {
    const answer = await get(await serve(), '/streams/counter-none')
    expect(answer.status).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'stream.not-found' })
  })

  it('answers HEAD with the same headers and no body', async () => {
    const served = await withCounters('a')
    const answer = await request(served, 'HEAD', '/streams/counter-a')
    expect([answer.status, answer.headers['etag'], answer.body]).toEqual([200, '"1"', ''])
  })

  it('is a 400 where the name is none', async () => {
    expect((await get(await serve(), '/streams/a%00b')).json()).toMatchObject({
      status: 400,
      code: 'stream.invalid-name',
    })
  })
})

describe('GET /streams/{stream}/history', () => {
  it('gives the state after each event', async () => {
    const served = await withCounters('a', 'a', 'a')
    const answer = await get(served, '/streams/counter-a/history?after=1&limit=1')
    expect(answer.json()).toMatchObject({
      stream: 'counter-a',
      revision: 3,
      initial: { value: 1 },
      items: [{ event: { revision: 2 }, state: { value: 3 } }],
    })
  })

  it('tells how it got to a state as of a moment, and what each event changed', async () => {
    const served = await withCounters('a', 'b', 'a')
    expect((await get(served, '/streams/counter-a/history?at=2')).json()).toMatchObject({
      revision: 1,
      items: [{ event: { position: 1 }, changed: [{ path: 'value', before: 0, after: 1 }] }],
    })
    const later = (await get(served, '/streams/counter-a/history?after=1&at=3')).json()
    expect(later).toMatchObject({ items: [{ changed: [{ path: 'value', before: 1, after: 4 }] }] })
  })

  it('is a 404 where there is none', async () => {
    const served = await serve()
    expect((await get(served, '/streams/counter-none/history')).status).toBe(404)
    expect((await get(served, '/streams/unheard-of/history')).status).toBe(404)
  })
})

describe('GET /streams', () => {
  it('lists streams by the start of their name, page by page', async () => {
    const served = await withCounters('b', 'a', 'c', 'a')
    const first = (await get(served, '/streams?prefix=counter-&limit=2')).json()
    expect(first).toEqual({
      items: [
        { stream: 'counter-a', revision: 2 },
        { stream: 'counter-b', revision: 1 },
      ],
      cursor: expect.any(String),
    })
    const second = (
      await get(served, `/streams?prefix=counter-&limit=2&cursor=${String(first['cursor'])}`)
    ).json()
    expect(second).toEqual({ items: [{ stream: 'counter-c', revision: 1 }], cursor: null })
    expect((await get(served, '/streams?prefix=nothing')).json()).toEqual({ items: [], cursor: null })
  })

  it('has no further page where the last one is just full', async () => {
    const served = await withCounters('a', 'b')
    expect((await get(served, '/streams?limit=2')).json()['cursor']).toBeNull()
  })

  it('refuses a cursor that it did not give', async () => {
    const answer = await get(await serve(), '/streams?cursor=%F0%9F%8C%8A')
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ parameter: 'cursor' }] })
  })
})

describe('GET /events', () => {
  it('gives a page of the log, how far it looked, and the head', async () => {
    const served = await withCounters('a', 'b', 'c')
    const answer = (await get(served, '/events?after=1&limit=1')).json()
    expect(answer).toMatchObject({ events: [{ position: 2, stream: 'counter-b' }], scannedTo: 2, head: 3 })
    expect(Object.keys(answer)).toEqual(['events', 'scannedTo', 'head'])
  })

  it('gives events of some types only, and says how far it looked for them', async () => {
    const served = await withCounters('a', 'b')
    await post(served, 'Note', { counterId: 'a', note: 'x' })
    await post(served, 'Increment', { counterId: 'a' })
    expect((await get(served, '/events?types=Noted')).json()).toMatchObject({
      events: [{ position: 3 }],
      scannedTo: 4,
      head: 4,
    })
    expect((await get(served, '/events?types=Noted,Incremented&limit=2')).json()['events']).toHaveLength(2)
    expect((await get(served, '/events?types=Unheard')).json()).toMatchObject({ events: [], scannedTo: 4 })
  })

  it('is empty beyond the head', async () => {
    expect((await get(await serve(), '/events?after=7')).json()).toMatchObject({ events: [], head: 0 })
  })

  it('gives JSON to who does not name event streams', async () => {
    const served = await serve()
    for (const accept of [
      '*/*',
      'application/json',
      'text/html',
      'application/json, text/event-stream;q=0.5',
      'text/event-stream;q=0',
    ]) {
      const answer = await get(served, '/events', { accept })
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
      expect(answer.headers['vary']).toBe('accept, headwater-tenant')
    }
  })
})

describe('GET /events/{id}', () => {
  it('gives the envelope', async () => {
    const served = await withCounters('a')
    const [event] = (await get(served, '/events')).json()['events'] as object[]
    expect((await get(served, '/events/c-1.1')).json()).toEqual(event)
  })

  it.each(['c-1.2', 'c-9.1', 'nothing', '1'])('is a 404 where there is none: %s', async (id) => {
    const answer = await get(await withCounters('a'), `/events/${id}`)
    expect(answer.json()).toMatchObject({ status: 404, code: 'event.not-found' })
  })
})

describe('GET /trace/{id}', () => {
  it('gives all that belongs together, by any id of it', async () => {
    const served = await serve()
    const headers = { 'idempotency-key': 'c-1', 'correlation-id': 'story' }
    await post(served, 'Increment', { counterId: 'a', by: 60 }, headers)
    await expect.poll(async () => (await served.headwater.head()).position).toBe(2)
    const trace = (await get(served, '/trace/story')).json()
    const reaction = (
      (await get(served, '/streams/alarm-a')).json()['events'] as { causationId: string }[]
    )[0]?.causationId
    expect(trace).toEqual({
      correlationId: 'story',
      events: [
        expect.objectContaining({ id: 'c-1.1', causationId: 'c-1' }),
        expect.objectContaining({ type: 'Overflowed', causationId: reaction }),
      ],
      commands: [
        {
          id: 'c-1',
          type: 'Increment',
          actor: null,
          decidedAt: isoTime,
          status: 'accepted',
          reason: null,
          stream: 'counter-a',
          causationId: null,
          correlationId: 'story',
        },
        expect.objectContaining({ id: reaction, type: 'Overflow', stream: 'alarm-a', causationId: 'c-1.1' }),
      ],
    })
    expect((await get(served, '/trace/c-1')).json()).toEqual(trace)
    expect((await get(served, '/trace/c-1.1')).json()).toEqual(trace)
  })

  it('is a 404 for an id of nothing', async () => {
    expect((await get(await serve(), '/trace/nothing')).status).toBe(404)
  })
})

describe('GET /commands', () => {
  it('gives what was intended and what became of it, rejections included', async () => {
    const served = await withCounters('a')
    await post(served, 'Increment', { counterId: 'a', by: 200 }, { 'idempotency-key': 'c-2' })
    const page = (await get(served, '/commands')).json()
    expect(page).toMatchObject({
      commands: [
        {
          sequence: 1,
          id: 'c-1',
          type: 'Increment',
          payload: { counterId: 'a', by: 1 },
          status: 'accepted',
          reason: null,
          position: 1,
          events: 1,
        },
        {
          sequence: 2,
          id: 'c-2',
          status: 'rejected',
          reason: { code: 'too-high', data: { value: 1, by: 200 } },
          position: null,
          events: 0,
        },
      ],
      scannedTo: 2,
    })
    expect((page['commands'] as object[])[0]).toMatchObject({
      decidedAt: isoTime,
      actor: null,
      correlationId: 'c-1',
      causationId: null,
    })
    expect((await get(served, '/commands?after=1&limit=1')).json()).toMatchObject({
      commands: [{ sequence: 2 }],
      scannedTo: 2,
    })
    expect((await get(served, '/commands?after=2')).json()).toEqual({ commands: [], scannedTo: 2 })
  })
})

describe('GET /processors, /views and /catalog', () => {
  it('says how far views and subscriptions are', async () => {
    const served = await withCounters('a')
    await expect
      .poll(async () => (await get(served, '/processors')).json()['processors'])
      .toEqual([
        expect.objectContaining({
          name: 'totals',
          kind: 'view',
          status: 'running',
          position: 1,
          head: 1,
          lag: { events: 0, seconds: 0 },
          parked: 0,
          error: null,
        }),
        expect.objectContaining({ name: 'alert', kind: 'subscription', status: 'running', position: 1 }),
      ])
  })

  it('lists the views', async () => {
    const { views } = (await get(await serve(), '/views')).json()
    expect(views).toEqual([
      {
        name: 'totals',
        lifecycle: 'async',
        events: ['Incremented'],
        indexes: ['total'],
        search: ['name'],
        position: 0,
        lag: { events: 0, seconds: 0 },
        version: 1,
        code: 'same',
        rebuild: null,
      },
      expect.objectContaining({ name: 'inline-totals', lifecycle: 'inline' }),
    ])
  })

  it('describes the app', async () => {
    const served = await serve()
    const answer = await get(served, '/catalog')
    expect(answer.json()).toMatchObject({
      app: 'counters',
      contexts: [{ name: 'counting' }, { name: 'alarms' }],
    })
    expect((await get(served, '/catalog', { 'if-none-match': String(answer.headers['etag']) })).status).toBe(
      304,
    )
  })
})

describe('GET /rules', () => {
  it('lists rules with their entries, and what is in force at a time', async () => {
    const served = await serve()
    const { rules } = (await get(served, '/rules?at=2018-01-31')).json()
    expect(rules).toMatchObject([
      {
        name: 'step',
        timeZone: 'UTC',
        entries: [
          { from: null, to: '2018-02-01T00:00:00.000Z', kind: 'data', value: 1 },
          { from: '2018-02-01T00:00:00.000Z', to: null, kind: 'data', value: 2 },
        ],
        inForce: { value: 1 },
      },
    ])
    const now = (await get(served, '/rules')).json()['rules']
    expect(now).toMatchObject([{ inForce: { from: '2018-02-01T00:00:00.000Z', value: 2 } }])
  })

  it('refuses what is no time', async () => {
    const served = await serve()
    for (const at of ['yesterday', '2018', '2018-02-01T10:00', '2018-13-01'])
      expect((await get(served, `/rules?at=${at}`)).status).toBe(400)
  })
})

describe('GET /snapshots', () => {
  it('says what became of the snapshots of each aggregate that keeps some', async () => {
    const { aggregates } = (await get(await serve(), '/snapshots')).json()
    expect(aggregates).toEqual([
      {
        aggregate: 'alarm',
        every: 500,
        at: null,
        taken: 0,
        used: 0,
        outdated: 0,
        untrusted: 0,
        skipped: 0,
        failed: 0,
        error: null,
      },
    ])
  })
})
