import {
  app,
  event,
  HeadwaterError,
  memoryStore,
  memoryViews,
  view,
  type ViewDatabase,
  type ViewStore,
} from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { running, until } from '../support/running.ts'

const Added = event('Added', z.object({ to: z.string(), n: z.int() }))

/** A database that stays when the app is closed, and that a test can cut off. */
class Database implements ViewDatabase {
  readonly name = 'memory:test'
  readonly #store: ViewStore = memoryViews().open()
  isGone = false
  /** What it does with a commit; by default it writes it. */
  commits = (commit: Parameters<ViewStore['commit']>[0]): Promise<void> => this.#store.commit(commit)
  opened = 0

  open(): ViewStore {
    this.opened += 1
    const guarded =
      <Given extends unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
      async (...given: Given): Promise<Result> => {
        if (this.isGone) throw new HeadwaterError('view.store-unavailable', 'memory:test is cut off')
        return work(...given)
      }
    const store = this.#store
    return {
      name: this.name,
      largestCommit: { documents: 300, bytes: 1_000_000 },
      define: guarded((...given) => store.define(...given)),
      drop: guarded((collection) => store.drop(collection)),
      get: guarded((...given) => store.get(...given)),
      list: guarded((query) => store.list(query)),
      count: guarded((...given) => store.count(...given)),
      position: guarded((...given) => store.position(...given)),
      commit: guarded((commit) => this.commits(commit)),
      close: async () => undefined,
    }
  }

  write(commit: Parameters<ViewStore['commit']>[0]): Promise<void> {
    return this.#store.commit(commit)
  }
}

const sumsIn = (database: ViewDatabase) =>
  view('sums', {
    events: [Added],
    key: ({ data }) => data.to,
    initial: { sum: 0, times: 0 },
    on: {
      Added: (doc, { data }) => {
        if (data.n < 0) throw new Error('less than nothing')
        return { sum: doc.sum + data.n, times: doc.times + 1 }
      },
    },
    indexes: ['sum'],
    store: database,
  })

const many = (count: number) => Array.from({ length: count }, (_, n) => Added({ to: `k${n % 7}`, n: 1 }))

async function totalOf(headwater: Awaited<ReturnType<typeof running>>, waitFor: number): Promise<number> {
  let total = 0
  for await (const { doc } of headwater.view<{ sum: number }>(sumsAny).all({ waitFor, timeLimit: 60_000 }))
    total += doc.sum
  return total
}

const sumsAny = sumsIn(memoryViews())

describe('a view in another database', () => {
  it('is read, listed and searched there, and waits for a position', async () => {
    const headwater = await running(app({ name: 'sums', views: [sumsIn(new Database())] }))
    const { position } = await headwater.append('a-1', many(2_000))
    expect(await totalOf(headwater, position)).toBe(2_000)
    expect(await headwater.view(sumsAny).get('k0')).toMatchObject({
      key: 'k0',
      doc: { sum: 286, times: 286 },
    })
    const page = await headwater.view(sumsAny).list({ filter: { sum: { gte: 286 } }, sort: '-sum' })
    expect(page.items.length).toBeGreaterThan(0)
  })

  it('goes on where its documents stand, however the app ended between their commit and its own', async () => {
    const store = memoryStore()
    const database = new Database()
    const definition = app({ name: 'sums', views: [sumsIn(database)] })
    const { close, ...kept } = store
    // The documents are there, and the answer that they are is lost: as if the process was killed right then.
    database.commits = async (commit) => {
      await database.write(commit)
      if (Math.random() < 0.5) throw new HeadwaterError('view.store-unavailable', 'the connection was lost')
    }
    for (let round = 1; round <= 6; round += 1) {
      const headwater = await running(definition, { store: { ...kept, close: async () => undefined } })
      await headwater.append(`a-${round}`, many(150))
      if (round < 6) {
        await headwater.close()
        continue
      }
      database.commits = (commit) => database.write(commit)
      expect(await totalOf(headwater, 900)).toBe(900)
      await headwater.close()
    }
    await close()
  })

  it('only waits while its database is gone, and says so', async () => {
    const database = new Database()
    const headwater = await running(app({ name: 'sums', views: [sumsIn(database)] }))
    const before = await headwater.append('a-1', many(10))
    expect(await totalOf(headwater, before.position)).toBe(10)
    database.isGone = true
    const { position } = await headwater.append('a-1', many(10))
    await until(
      async () => (await headwater.processor('sums').summary()).error?.code === 'view.store-unavailable',
    )
    const { status, lag } = await headwater.processor('sums').summary()
    expect([status, lag.events]).toEqual(['failed', 10])
    await expect(headwater.view(sumsAny).get('k0')).rejects.toMatchObject({ code: 'view.store-unavailable' })
    database.isGone = false
    expect(await totalOf(headwater, position)).toBe(20)
    expect(headwater.failures.length).toBeGreaterThan(0)
  })

  it('parks what can’t be folded, and goes on with other keys', async () => {
    const headwater = await running(app({ name: 'sums', views: [sumsIn(new Database())] }))
    const events = [
      Added({ to: 'a', n: 1 }),
      Added({ to: 'b', n: -1 }),
      Added({ to: 'b', n: 5 }),
      Added({ to: 'c', n: 2 }),
    ]
    const { position } = await headwater.append('a-1', events)
    expect(await totalOf(headwater, position)).toBe(3)
    const parked = await headwater.processor('sums').parked.list()
    expect(parked.map(({ sequence, position: at }) => [sequence, at])).toEqual([
      ['b', 2],
      ['b', 3],
    ])
  })

  it('folds its history anew into a database that has lost it', async () => {
    const store = memoryStore()
    const { close, ...kept } = store
    for (const _ of [1, 2]) {
      const headwater = await running(app({ name: 'sums', views: [sumsIn(new Database())] }), {
        store: { ...kept, close: async () => undefined },
      })
      const { position } = await headwater.append('a-1', many(10))
      expect(await totalOf(headwater, position)).toBe(position)
      await headwater.close()
    }
    await close()
  })

  it('shares a database with others, opened once, and is only asynchronous', async () => {
    const database = new Database()
    const other = view('others', {
      events: [Added],
      initial: {},
      on: { Added: (doc) => doc },
      store: database,
    })
    await running(app({ name: 'sums', views: [sumsIn(database), other] }))
    expect(database.opened).toBe(1)
    const inline = {
      events: [Added],
      initial: {},
      on: { Added: (doc: object) => doc },
      lifecycle: 'inline',
    } as const
    expect(() => view('inline', { ...inline, store: database })).toThrow('only be async')
  })
})
