import { aggregate, app, event, memoryStore, openStore, type Log, type Store } from '@headwater/core'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'

const Counted = event('Counted', z.object({}))
const counter = aggregate('counter', {
  events: [Counted],
  commands: [],
  initial: { count: 0 },
  evolve: { Counted: ({ count }) => ({ count: count + 1 }) },
  decide: {},
})
const counters = app({ name: 'counters', aggregates: [counter] })

/** A store whose answers about streams can be held back on their way. */
function slow(store: Store) {
  let held: Promise<void> | undefined
  let reads = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const readStream: Log['readStream'] = async (query) => {
    const page = await store.log.readStream(query)
    reads += 1
    await held
    return page
  }
  const log = new Proxy(store.log, {
    get: (target, name) => {
      if (name === 'readStream') return readStream
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return {
    store: { ...store, log, close: async () => undefined },
    reads: () => reads,
    hold: () => void (held = promise),
    release: resolve,
  }
}

it('a state shows what was acknowledged before it was asked for, though an earlier read is under way', async () => {
  const shared = memoryStore()
  const { store, hold, release, reads } = slow(shared)
  const [reader, writer] = [await openStore(counters, store), await openStore(counters, shared)]
  onTestFinished(() => reader.close().then(() => writer.close()))
  await writer.append('counter-a', [Counted({})])
  hold()
  const before = reads()
  const early = reader.state(counter, 'a')
  await expect.poll(reads).toBe(before + 1)
  await writer.append('counter-a', [Counted({})])
  const late = Array.from({ length: 5 }, () => reader.state(counter, 'a'))
  release()
  expect((await early).state.count).toBe(1)
  expect((await Promise.all(late)).map(({ state }) => state.count)).toEqual([2, 2, 2, 2, 2])
  // Those who had to wait share a read.
  expect(reads() - before).toBe(2)
})
