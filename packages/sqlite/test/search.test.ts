import type { AppendCondition, EventQuery, EventRow, Store } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anEvent, aRequest, append, openStore, readAll, statuses, to } from './support.ts'

const types = ['Common', 'Rare', 'Early', 'Never']

/** A log of some ranges of positions, in which types are spread unevenly. */
async function filled(events: number): Promise<Store> {
  const store = await openStore()
  const typeAt = (position: number) => {
    if (position % 1_500 === 7) return 'Rare'
    return position < 50 && position % 5 === 0 ? 'Early' : 'Common'
  }
  const all = Array.from({ length: events }, (_, index) =>
    anEvent({ type: typeAt(index + 1), tags: index % 100 === 0 ? [`nth:${index}`, 'hundredth'] : [] }),
  )
  for (let from = 0; from < events; from += 500) {
    const tenant = from % 1_000 === 0 ? 'even' : 'odd'
    await append(store, aRequest([to(`s-${from}`, all.slice(from, from + 500))], { tenant }))
  }
  return store
}

describe('a search by types', () => {
  it('finds what a scan of everything finds', async () => {
    const store = await filled(6_000)
    const { events } = await readAll(store)
    const wanted = fc.record({
      types: fc.subarray(types, { minLength: 1 }),
      tenant: fc.constantFrom(undefined, 'even', 'odd'),
      after: fc.nat(6_100),
      limit: fc.constantFrom(1, 7, 1_000),
    })
    await fc.assert(
      fc.asyncProperty(wanted, async (query) => {
        const found = await readAll(store, { ...query, limit: Math.max(query.limit, 100) })
        const matches = ({ type, tenant, position }: EventRow) =>
          query.types.includes(type) && (query.tenant ?? tenant) === tenant && position > query.after
        expect(found.events.map(({ position }) => position)).toEqual(
          events.filter(matches).map(({ position }) => position),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('leaps over the events of other types', async () => {
    const store = await filled(6_000)
    const rare = { branch: 0, tenant: undefined, limit: 10, types: ['Rare'] }
    expect(await store.log.read({ ...rare, after: 5_000, types: ['Early'] })).toMatchObject({
      events: [],
      scannedTo: 6_000,
    })
    expect((await readAll(store, rare)).pages).toBe(1)
  })
})

describe('a condition', () => {
  const query = (item: EventQuery['items'][number]): EventQuery => ({ items: [item] })
  const check = async (store: Store, tenant: string, ...conditions: AppendCondition[]) =>
    (await append(store, aRequest([to('new-1')], { tenant, conditions })))[0]

  it('that looks far back is answered as one that has just been read', async () => {
    const store = await filled(30_000)
    expect(await check(store, 'even', { query: query({ types: ['Never'] }), after: 0 })).toMatchObject({
      status: 'appended',
    })
    expect(await check(store, 'odd', { query: query({ types: ['Early'] }), after: 0 })).toMatchObject({
      status: 'appended',
    })
    expect(await check(store, 'even', { query: query({ types: ['Early'] }), after: 0 })).toEqual({
      status: 'condition-failed',
      position: 5,
    })
    expect(await check(store, 'even', { query: query({ types: ['Early'] }), after: 45 })).toMatchObject({
      status: 'appended',
    })
    const both = query({ tags: ['hundredth', 'nth:20000'] })
    expect(await check(store, 'even', { query: both, after: 20_001 })).toMatchObject({ status: 'appended' })
    expect(await check(store, 'even', { query: both, after: 20_000 })).toEqual({
      status: 'condition-failed',
      position: 20_001,
    })
    expect(await check(store, 'odd', { query: both, after: 0 })).toMatchObject({ status: 'appended' })
  })

  it('that looks far back still holds for what is appended in the same breath', async () => {
    const store = await filled(5_000)
    const conditions = [{ query: query({ types: ['Unique'] }), after: 0 }]
    const events = [anEvent({ type: 'Unique' })]
    const racers = Array.from({ length: 16 }, (_, index) =>
      append(store, aRequest([to(`u-${index}`, events)], { conditions })),
    )
    const results = (await Promise.all(racers)).flatMap(statuses)
    expect(results.filter((status) => status === 'appended')).toHaveLength(1)
    expect(results.filter((status) => status === 'condition-failed')).toHaveLength(15)
  })

  it('that is broken long since yields to a repeated command and to a stream’s conflict', async () => {
    const store = await filled(5_000)
    const conditions = [{ query: query({ types: ['Common'] }), after: 0 }]
    const command = {
      type: 'Do',
      payload: '{}',
      status: 'accepted',
      reason: null,
      causationId: null,
      reads: '{}',
    } as const
    const first = aRequest([to('c-1')], { command, commandId: 'once', tenant: 'even' })
    expect(statuses(await append(store, first))).toEqual(['appended'])
    expect(statuses(await append(store, { ...first, conditions }))).toEqual(['duplicate'])
    const conflicting = aRequest([{ stream: 'c-1', expected: 9, events: [] }], { conditions, tenant: 'even' })
    expect(statuses(await append(store, conflicting))).toEqual(['conflict'])
  })
})
