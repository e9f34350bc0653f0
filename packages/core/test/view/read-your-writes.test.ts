import { expect, it } from 'vitest'
import { z } from 'zod'
import { app, type Documents, event, memoryStore, openStore, type Store, view } from '../../src/index.ts'

const Counted = event('Counted', z.object({ by: z.int() }))
const Noted = event('Noted', z.object({}))

const counts = view('counts', {
  events: [Counted],
  initial: { sum: 0 },
  on: { Counted: (doc, { data }) => ({ sum: doc.sum + data.by }) },
})

/** A store whose documents can't be read until `go` is called: a view that has begun to fold stands still. */
function heldUp() {
  const store = memoryStore()
  const begun = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const documents: Documents = {
    define: (...given) => store.documents.define(...given),
    drop: (...given) => store.documents.drop(...given),
    get: async (...given) => {
      begun.resolve()
      await released.promise
      return store.documents.get(...given)
    },
    list: (...given) => store.documents.list(...given),
    count: (...given) => store.documents.count(...given),
  }
  const held: Store = { ...store, documents }
  return { store: held, begun: begun.promise, go: () => released.resolve() }
}

it('a view shows what it folded before the position waited for, though the last page holds nothing for it', async () => {
  const { store, begun, go } = heldUp()
  const counting = app({ name: 'counting', events: [Counted, Noted], views: [counts] })
  const headwater = await openStore(counting, store)
  await headwater.append('counter-a', [Counted({ by: 1 })])
  await begun
  // While the view folds the first page, the log goes on with what the view isn't interested in.
  const { position } = await headwater.append('notes-a', [Noted({})])
  go()
  expect(await headwater.view(counts).get('a', { waitFor: position })).toMatchObject({ doc: { sum: 1 } })
  await headwater.close()
})
