import {
  app,
  event,
  memoryStore,
  openStore,
  view,
  type Headwater,
  type Store,
  type ViewDatabase,
} from '@headwater/core'
import { expect } from 'vitest'
import { z } from 'zod'
import type { Way } from './cut-off.ts'

const Added = event('Added', z.object({ to: z.string(), n: z.int() }))

const sumsIn = (store: ViewDatabase) =>
  view('sums', {
    events: [Added],
    key: ({ data }) => data.to,
    initial: { sum: 0 },
    on: { Added: ({ sum }, { data }) => ({ sum: sum + data.n }) },
    indexes: ['sum'],
    store,
  })

const keys = 50

async function append(headwater: Headwater, count: number): Promise<number> {
  const events = Array.from({ length: count }, (_, n) => Added({ to: `k${n % keys}`, n: 1 }))
  return (await headwater.append('a-1', events)).position
}

async function totalOf(headwater: Headwater, waitFor: number): Promise<number> {
  let total = 0
  for await (const { doc } of headwater
    .view<{ sum: number }>(sumsIn(nowhere))
    .all({ waitFor, timeLimit: 60_000, sort: '-sum', limit: 7 }))
    total += doc.sum
  return total
}

/** Only the name of the view that is read counts. */
const nowhere: ViewDatabase = {
  name: 'nowhere',
  open: () => {
    throw new Error('It is read by its name')
  },
}

/** An app whose view lies in a database that is cut off and comes back, and that is closed and opened in between. */
export async function losesNothing(database: ViewDatabase, way: Way): Promise<void> {
  const { close, ...kept } = memoryStore()
  const store: Store = { ...kept, close: async () => undefined }
  const open = (): Promise<Headwater> =>
    openStore(app({ name: 'sums', views: [sumsIn(database)] }), store, { onError: () => undefined })
  let headwater = await open()
  expect(await totalOf(headwater, await append(headwater, 1_000))).toBe(1_000)
  for (const round of [1, 2]) {
    const appended = append(headwater, 500)
    way.cut()
    const position = await appended
    await expect
      .poll(async () => (await headwater.processor('sums').summary()).error?.code)
      .toBe('view.store-unavailable')
    await expect(headwater.view('sums').get('k1')).rejects.toMatchObject({ code: 'view.store-unavailable' })
    way.mend()
    expect(await totalOf(headwater, position)).toBe(1_000 + round * 500)
  }
  await headwater.close()
  headwater = await open()
  expect(await totalOf(headwater, await append(headwater, 100))).toBe(2_100)
  await headwater.close()
  await close()
}
