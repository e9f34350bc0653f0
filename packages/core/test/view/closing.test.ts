import { type Clock, type Store, systemClock } from '@headwater/core'
import { expect, it } from 'vitest'
import { Increment } from '../support/counter.ts'
import { lasting, process, totals, totalsApp } from '../support/views.ts'

/** The machine's clock, and how many of its intervals go on. */
function countedClock(): { clock: Clock; intervals: () => number } {
  let intervals = 0
  const clock: Clock = {
    ...systemClock,
    every: (milliseconds, work) => {
      const stop = systemClock.every(milliseconds, work)
      intervals += 1
      return () => {
        intervals -= 1
        stop()
      }
    },
  }
  return { clock, intervals: () => intervals }
}

/** A store in which a version takes over only when it may. */
function held(store: Store) {
  const asked = Promise.withResolvers<void>()
  const may = Promise.withResolvers<void>()
  const viewVersions: Store['viewVersions'] = {
    read: (branch) => store.viewVersions.read(branch),
    onChanged: (listener) => store.viewVersions.onChanged(listener),
    change: async (change) => {
      if (change.put.some(({ state, version }) => state === 'current' && version === 2)) {
        asked.resolve()
        await may.promise
      }
      return store.viewVersions.change(change)
    },
  }
  return { store: { ...store, viewVersions }, asked: asked.promise, may: may.resolve }
}

it('an app that is closed while a version of a view takes over leaves nothing that keeps the process alive', async () => {
  const { store, asked, may } = held(lasting())
  const { clock, intervals } = countedClock()
  const headwater = await process(store, totalsApp('one'), { clock })
  await headwater.execute(Increment({ counterId: 'a' }))
  await headwater.rebuild(totals('one'))
  await asked
  const closing = headwater.close()
  may()
  await closing
  const versions = await store.viewVersions.read(0)
  expect(versions.versions.map(({ state }) => state)).toEqual(['retired', 'current'])
  expect(intervals()).toBe(0)
})
