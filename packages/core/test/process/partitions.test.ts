import {
  app,
  type Headwater,
  memoryStore,
  openStore,
  type OpenOptions,
  slotOf,
  type Store,
  subscription,
  view,
} from '@headwater/core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { lastingStore } from '../support/mortal.ts'
import { running, until } from '../support/running.ts'

const totals = (partitions: number) =>
  view('totals', {
    events: [Incremented],
    partitions,
    initial: { sum: 0 },
    on: { Incremented: ({ sum }, { data }) => ({ sum: sum + data.by }) },
  })

async function open(definition: Parameters<typeof openStore>[0], store: Store, options: OpenOptions = {}) {
  const headwater = await openStore(definition, { ...store, close: async () => undefined }, options)
  onTestFinished(() => headwater.close())
  return headwater
}

async function record(headwater: Headwater, rounds: number, keys = 16): Promise<number> {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(
      Array.from({ length: keys }, (_, key) => headwater.execute(Increment({ counterId: `c${key}` }))),
    )
  }
  return (await headwater.lastPosition()) ?? 0
}

async function sumsOf(headwater: Headwater, waitFor: number): Promise<readonly unknown[]> {
  const { items } = await headwater.view('totals').list({ waitFor, timeLimit: 60_000, limit: 100 })
  return items.map(({ doc }) => doc)
}

describe('a processor that is divided', () => {
  it('leaves the event loop to others while the app closes, though leases are slow to be had', async () => {
    const store = memoryStore()
    const definition = (handle: () => void) =>
      app({
        name: 'closing',
        aggregates: [counter],
        subscriptions: [subscription('noted', { events: [Incremented], partitions: 4, handle })],
      })
    const writer = await open(
      definition(() => undefined),
      store,
    )
    await writer.processor('noted').pause()
    await record(writer, 4)
    await writer.close()

    // What a lease waits for needs a turn of the event loop: a lane that takes nothing any more must not keep it.
    const slow = {
      ...store.leases,
      acquire: async (...given: Parameters<Store['leases']['acquire']>) => {
        await new Promise((resolve) => setTimeout(resolve, 20))
        return store.leases.acquire(...given)
      },
      renew: store.leases.renew.bind(store.leases),
      release: store.leases.release.bind(store.leases),
      held: store.leases.held.bind(store.leases),
    }
    let first: () => void = () => undefined
    const begun = new Promise<void>((resolve) => {
      first = resolve
    })
    const reader = await open(definition(first), { ...store, leases: slow }, { leaseDuration: 60_000 })
    await reader.processor('noted').resume()
    await begun
    await expect(reader.close()).resolves.toBeUndefined()
  })

  it('handles every event, in order per key, in each of its partitions', async () => {
    const seen = new Map<string, number[]>()
    const noted = subscription('noted', {
      events: [Incremented],
      partitions: 4,
      handle: async ({ stream, revision }) => {
        await new Promise((resolve) => setTimeout(resolve, revision % 3))
        seen.set(stream, [...(seen.get(stream) ?? []), revision])
      },
    })
    const headwater = await running(app({ name: 'divided', aggregates: [counter], subscriptions: [noted] }))
    const position = await record(headwater, 6)
    await headwater.processor(noted).waitFor(position)
    expect([...seen.values()]).toEqual(Array.from({ length: 16 }, () => [1, 2, 3, 4, 5, 6]))
    const { partitions } = await headwater.processor(noted).summary()
    expect(partitions).toHaveLength(4)
    expect(partitions.map(({ first, last }) => last - first)).toEqual([16_383, 16_383, 16_383, 16_383])
  })

  it('folds each key of a view in the partition that has it', async () => {
    const both = view('both', {
      events: [Incremented],
      partitions: 3,
      key: ({ aggregateId }) => [aggregateId, 'all', `twin of ${aggregateId}`],
      initial: { sum: 0 },
      on: { Incremented: ({ sum }, { data }) => ({ sum: sum + data.by }) },
    })
    const partitionOf = (key: string): number => Math.floor(slotOf('', key) / 21_846)
    expect(partitionOf('twin of c0')).not.toBe(partitionOf('all'))
    const headwater = await running(app({ name: 'divided', aggregates: [counter], views: [both] }))
    const position = await record(headwater, 5, 4)
    const read = async (key: string) => (await headwater.view(both).get(key, { waitFor: position }))?.doc.sum
    expect(await read('all')).toBe(20)
    expect(await Promise.all(['c0', 'c3', 'twin of c0', 'twin of c3'].map(read))).toEqual([5, 5, 5, 5])
  })

  it('stands where the last of its partitions does', async () => {
    let release: () => void = () => undefined
    const stuck = new Promise<void>((resolve) => {
      release = resolve
    })
    const noted = subscription('noted', {
      events: [Incremented],
      partitions: 8,
      handle: async ({ aggregateId }) => {
        if (aggregateId === 'c0') await stuck
      },
    })
    const headwater = await running(app({ name: 'divided', aggregates: [counter], subscriptions: [noted] }))
    const position = await record(headwater, 3)
    await expect(headwater.processor(noted).waitFor(position, { timeLimit: 100 })).rejects.toMatchObject({
      code: 'view.wait-timeout',
    })
    await until(async () => {
      const { partitions } = await headwater.processor(noted).summary()
      return partitions.filter((partition) => partition.position === position).length === 7
    })
    expect((await headwater.processor(noted).summary()).position).toBeLessThan(position)
    release()
    await headwater.processor(noted).waitFor(position)
  })

  it('is shared by the processes that run it, and goes over to those that are left', async () => {
    const lasting = lastingStore()
    const handledBy = new Map<string, string[]>()
    const definition = (process: string) =>
      app({
        name: 'divided',
        aggregates: [counter],
        subscriptions: [
          subscription('noted', {
            events: [Incremented],
            partitions: 6,
            handle: ({ id }) => void handledBy.set(id, [...(handledBy.get(id) ?? []), process]),
          }),
        ],
      })
    const owners = async (headwater: Headwater): Promise<readonly number[]> => {
      const { partitions } = await headwater.processor('noted').summary()
      return [...Map.groupBy(partitions, ({ owner }) => owner)]
        .map(([owner, all]) => (owner === null ? 0 : all.length))
        .sort((one, other) => one - other)
    }
    const one = lasting.mortal()
    const first = await openStore(definition('one'), one.store, { leaseDuration: 400 })
    await until(async () => (await owners(first)).join() === '6')
    const second = await open(definition('two'), lasting.store, { leaseDuration: 400 })
    await until(async () => (await owners(second)).join() === '3,3')
    const third = await open(definition('three'), lasting.store, { leaseDuration: 400 })
    await until(async () => (await owners(third)).join() === '2,2,2')

    const position = await record(third, 4, 30)
    await third.processor('noted').waitFor(position)
    expect(handledBy.size).toBe(120)
    expect([...handledBy.values()].every((processes) => processes.length === 1)).toBe(true)
    expect(new Set([...handledBy.values()].flat())).toEqual(new Set(['one', 'two', 'three']))

    one.kill()
    await until(async () => (await owners(third)).join() === '3,3')
    await third.processor('noted').waitFor(await record(third, 1, 30))
    expect(handledBy.size).toBe(150)
  })

  it.each([
    [1, 4],
    [4, 1],
    [3, 5],
  ])('goes on where it stands when the code divides it into %i, then into %i', async (before, after) => {
    const { store } = lastingStore()
    const definition = (partitions: number) =>
      app({ name: 'divided', aggregates: [counter], views: [totals(partitions)] })
    const old = await openStore(definition(before), { ...store, close: async () => undefined })
    await sumsOf(old, await record(old, 3))
    await old.close()
    const next = await open(definition(after), store)
    const sums = await sumsOf(next, await record(next, 2))
    expect(sums).toEqual(Array.from({ length: 16 }, () => ({ sum: 5 })))
    expect((await next.processor('totals').summary()).partitions).toHaveLength(after)
  })

  it('is divided anew by new code while old code still runs it', async () => {
    const { store } = lastingStore()
    const definition = (partitions: number) =>
      app({ name: 'divided', aggregates: [counter], views: [totals(partitions)] })
    const old = await open(definition(2), store)
    const traffic = record(old, 40)
    const next = await open(definition(5), store)
    const sums = await sumsOf(next, await traffic)
    expect(sums).toEqual(Array.from({ length: 16 }, () => ({ sum: 40 })))
    await until(async () => (await next.processor('totals').summary()).partitions.length === 5)
  })

  it('keeps what operators have split when the same code is started again', async () => {
    const { store } = lastingStore()
    const definition = app({ name: 'divided', aggregates: [counter], views: [totals(2)] })
    const before = await openStore(definition, { ...store, close: async () => undefined })
    await sumsOf(before, await record(before, 1))
    await before.processor('totals').split({ partition: 0 })
    await before.close()
    const after = await open(definition, store)
    const sums = await sumsOf(after, await record(after, 1))
    expect(sums).toEqual(Array.from({ length: 16 }, () => ({ sum: 2 })))
    expect((await after.processor('totals').summary()).partitions.map(({ first }) => first)).toEqual([
      0, 16_384, 32_768,
    ])
  })

  it('is split and merged while it runs, and loses and doubles nothing', async () => {
    const headwater = await running(app({ name: 'divided', aggregates: [counter], views: [totals(1)] }))
    const processor = headwater.processor('totals')
    await processor.waitFor(await record(headwater, 1))
    const traffic = record(headwater, 59)
    for (const step of ['split', 'split', 'split', 'merge', 'split', 'merge', 'merge'] as const)
      await processor[step]()
    const sums = await sumsOf(headwater, await traffic)
    expect(sums).toEqual(Array.from({ length: 16 }, () => ({ sum: 60 })))
    expect((await processor.summary()).partitions).toHaveLength(2)
    expect((await processor.acts()).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 7 }, () => 'divide'),
    )
  })

  it('can’t be split where it has one slot, nor merged where it is whole, nor before it ran', async () => {
    const { store } = lastingStore()
    const definition = app({ name: 'divided', aggregates: [counter], views: [totals(1)] })
    const idle = await open(definition, store, { processors: false })
    await expect(idle.processor('totals').split()).rejects.toMatchObject({ code: 'processor.never-began' })
    const headwater = await open(definition, store)
    await headwater.processor('totals').waitFor(0)
    await until(async () => (await headwater.processor('totals').summary()).partitions.length === 1)
    for (const refused of [
      headwater.processor('totals').merge(),
      headwater.processor('totals').split({ partition: 7 }),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'processor.invalid-partitions' })
  })

  it('has from 1 to 1,024 partitions', () => {
    for (const partitions of [0, -1, 1.5, 1_025])
      expect(() => totals(partitions)).toThrow(expect.objectContaining({ code: 'app.invalid' }))
  })
})
