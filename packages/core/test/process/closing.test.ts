import { app, memoryStore, openStore, type Store, subscription } from '@headwater/core'
import { expect, it } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'

const kept = (store: Store): Store => ({ ...store, close: async () => undefined })

it('a subscription that is closed in the midst of a page goes on with the next event when it is opened again', async () => {
  const store = memoryStore()
  const handled: string[] = []
  let begun: () => void = () => undefined
  let finish: () => void = () => undefined
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve
  })
  const mayFinish = new Promise<void>((resolve) => {
    finish = resolve
  })
  const definition = app({
    name: 'closing',
    aggregates: [counter],
    subscriptions: [
      subscription('noted', {
        events: [Incremented],
        concurrency: 1,
        handle: async ({ aggregateId }) => {
          begun()
          await mayFinish
          handled.push(aggregateId)
        },
      }),
    ],
  })
  const before = await openStore(definition, kept(store), { processors: false })
  for (const counterId of ['a', 'b', 'c']) await before.execute(Increment({ counterId }))
  await before.close()

  // All three events are on the page of which the first one is being handled.
  const first = await openStore(definition, kept(store))
  await hasBegun
  const closing = first.close()
  finish()
  await closing
  expect(handled).toEqual(['a'])

  const second = await openStore(definition, kept(store))
  await second.processor('noted').waitFor(3)
  expect(handled).toEqual(['a', 'b', 'c'])
  await second.close()
})
