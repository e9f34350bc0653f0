import {
  aggregate,
  app,
  command,
  event,
  memoryStore,
  type SnapshotFinding,
  type Store,
} from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { virtualClock } from '../../src/spec/index.ts'
import { nextTime } from '../../src/handle/snapshot-rounds.ts'
import { running, until } from '../support/running.ts'

const Added = event('Added', z.object({ by: z.number() }))
const Add = command('Add', z.object({ sumId: z.string(), by: z.number() }))

let factor = 1

const sum = aggregate('sum', {
  events: [Added],
  commands: [Add],
  initial: { sum: 0 },
  // What it calls is not in its text: such a change is not noticed.
  evolve: { Added: (state, { data }) => ({ sum: state.sum + weighted(data.by) }) },
  decide: { Add: (_state, { by }) => Added({ by }) },
  snapshots: { at: '03:00' },
})
const other = aggregate('other', {
  events: [Added],
  commands: [],
  initial: { sum: 0 },
  evolve: { Added: (state, { data }) => ({ sum: state.sum + data.by }) },
  decide: {},
})
const sums = app({ name: 'sums', aggregates: [sum, other] })

function weighted(by: number): number {
  return by * factor
}

function lastingStore(): Store {
  return { ...memoryStore(), close: () => Promise.resolve() }
}

async function revisions(store: Store, tenant?: string): Promise<Record<string, number>> {
  const rows = await store.snapshots.list({ branch: 0, tenant, prefix: '', after: undefined, limit: 100 })
  return Object.fromEntries(rows.map(({ tenant: of, stream, revision }) => [`${of}/${stream}`, revision]))
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}

describe('every day at its time', () => {
  test('an aggregate’s snapshots are taken of the streams that have moved, whoever’s they are', async () => {
    const store = lastingStore()
    const clock = virtualClock({ at: '2026-11-25T22:00:00Z' })
    const headwater = await running(sums, { store, clock })
    for (const sumId of ['a', 'b']) await headwater.execute(Add({ sumId, by: 1 }))
    await headwater.execute(Add({ sumId: 'a', by: 1 }), { tenant: 'north' })
    await headwater.append('other-1', [Added({ by: 1 })])
    await clock.advance({ minutes: 299 })
    expect(await revisions(store)).toEqual({})
    await clock.advance({ minutes: 1 })
    await until(() => headwater.snapshots.summaries()[0]?.taken === 3)
    expect(await revisions(store)).toEqual({ '/sum-a': 1, '/sum-b': 1, 'north/sum-a': 1 })

    await headwater.execute(Add({ sumId: 'b', by: 1 }))
    await clock.advance({ days: 1 })
    // Of what stood still none is taken anew.
    await until(() => headwater.snapshots.summaries()[0]?.taken === 4)
    expect(await revisions(store)).toEqual({ '/sum-a': 1, '/sum-b': 2, 'north/sum-a': 1 })
    expect(headwater.failures).toEqual([])
  })

  test('a process that runs no processors leaves that to others', async () => {
    const clock = virtualClock({ at: '2026-11-25T22:00:00Z' })
    const headwater = await running(sums, { clock, processors: false })
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    await clock.advance({ days: 2 })
    expect(headwater.snapshots.summaries()[0]).toMatchObject({ taken: 0 })
  })

  test.each([
    ['2026-11-25T02:00:00Z', 'UTC', '2026-11-25T03:00:00.000Z'],
    ['2026-11-25T03:00:00Z', 'UTC', '2026-11-26T03:00:00.000Z'],
    ['2026-11-25T01:00:00Z', 'Europe/Berlin', '2026-11-25T02:00:00.000Z'],
    ['2026-11-25T20:00:00Z', 'Pacific/Auckland', '2026-11-26T14:00:00.000Z'],
    // That night the clocks leap from two to three.
    ['2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
  ])('after %s, 03:00 in %s is %s', (now, timeZone, next) => {
    const time = nextTime({ at: '03:00', timeZone }, new Date(now).getTime())
    expect(new Date(time).toISOString()).toBe(next)
  })
})

describe('a round that is asked for', () => {
  test('goes on where the last one ended, in whichever process', async () => {
    const store = lastingStore()
    const first = await running(sums, { store })
    for (const sumId of ['a', 'b', 'a']) await first.execute(Add({ sumId, by: 1 }))
    expect(await first.snapshots.take()).toBe(2)
    expect(await first.snapshots.take({ aggregate: sum })).toBe(0)
    await first.close()
    const second = await running(sums, { store })
    await second.execute(Add({ sumId: 'a', by: 1 }))
    expect(await second.snapshots.take({ aggregate: 'sum' })).toBe(1)
    expect(await revisions(store)).toEqual({ '/sum-a': 3, '/sum-b': 1 })
  })

  test('is made by one process at a time', async () => {
    const store = lastingStore()
    const headwater = await running(sums, { store })
    const lease = await store.leases.acquire('snapshots:sum', 'somebody else', 60_000)
    expect(await headwater.snapshots.take()).toBeUndefined()
    if (lease !== undefined) await store.leases.release(lease)
    expect(await headwater.snapshots.take()).toBe(0)
  })

  test('begins anew on a log with another history', async () => {
    const store = lastingStore()
    const headwater = await running(sums, { store })
    await headwater.execute(Add({ sumId: 'a', by: 1 }))
    const lease = await store.leases.acquire('snapshots:sum', 'before', 60_000)
    if (lease === undefined) throw new Error('There is no lease')
    const checkpoint = { epoch: 'another', position: 1, eventId: 'x.1' }
    await store.progress.commit({
      processor: 'snapshots:sum',
      branch: 0,
      lease,
      checkpoint,
      documents: [],
      park: [],
      unpark: [],
    })
    await store.leases.release(lease)
    expect(await headwater.snapshots.take()).toBe(1)
  })

  test('may be for one stream alone', async () => {
    const store = lastingStore()
    const headwater = await running(sums, { store })
    for (const sumId of ['a', 'b']) await headwater.execute(Add({ sumId, by: 1 }))
    expect(await headwater.snapshots.take({ stream: 'sum-b' })).toBe(1)
    expect(await headwater.snapshots.take({ stream: 'sum-nobody' })).toBe(0)
    expect(await headwater.snapshots.take({ stream: 'sum-b', tenant: 'north' })).toBe(0)
    expect(await revisions(store)).toEqual({ '/sum-b': 1 })
  })

  test('is refused for an aggregate that keeps none, or that there is not', async () => {
    const headwater = await running(sums)
    const { snapshots } = headwater
    await expect(snapshots.take({ aggregate: other })).rejects.toMatchObject({ code: 'snapshot.none-kept' })
    await expect(snapshots.take({ stream: 'other-1' })).rejects.toMatchObject({ code: 'snapshot.none-kept' })
    await expect(snapshots.take({ aggregate: 'none' })).rejects.toMatchObject({ code: 'aggregate.unknown' })
  })
})

describe('looking after snapshots', () => {
  test('finds what was folded by a helper that has changed', async () => {
    const store = lastingStore()
    const headwater = await running(sums, { store })
    for (const sumId of ['a', 'b']) await headwater.execute(Add({ sumId, by: 1 }))
    await headwater.snapshots.take()
    const found = (): Promise<SnapshotFinding[]> => all(headwater.snapshots.verify({ aggregate: 'sum' }))
    expect((await found()).map(({ stream, difference }) => [stream, difference])).toEqual([
      ['sum-a', null],
      ['sum-b', null],
    ])
    factor = 2
    try {
      expect(await found()).toMatchObject([
        { stream: 'sum-a', revision: 1, isCurrent: true, difference: 'sum was 2 and came back as 1' },
        { stream: 'sum-b', difference: 'sum was 2 and came back as 1' },
      ])
    } finally {
      factor = 1
    }
  })

  test('lists and drops those of one tenant, unless it is said to mean all', async () => {
    const store = lastingStore()
    const headwater = await running(sums, { store })
    for (const tenant of ['', 'north']) await headwater.execute(Add({ sumId: 'a', by: 1 }), { tenant })
    await headwater.snapshots.take()
    const listed = async (selection = {}) =>
      (await all(headwater.snapshots.list(selection))).map(({ tenant, stream }) => `${tenant}/${stream}`)
    expect(await listed()).toEqual(['/sum-a'])
    expect(await listed({ tenant: 'north' })).toEqual(['north/sum-a'])
    expect(await listed({ allTenants: true })).toEqual(['/sum-a', 'north/sum-a'])
    expect(await listed({ allTenants: true, stream: 'sum-b' })).toEqual([])
    expect(await headwater.snapshots.drop({ stream: 'sum-a', tenant: 'south' })).toBe(0)
    expect(await headwater.snapshots.drop({ aggregate: sum })).toBe(1)
    expect(await listed({ allTenants: true })).toEqual(['north/sum-a'])
    expect(await headwater.snapshots.drop({ allTenants: true })).toBe(1)
  })
})
