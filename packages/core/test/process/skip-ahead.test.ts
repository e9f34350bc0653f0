import { app, memoryStore, openStore, skipAhead, subscription } from '@headwater/core'
import { expect, it, onTestFinished } from 'vitest'
import { counter, Increment, Incremented } from '../support/counter.ts'
import { running, until } from '../support/running.ts'

/** An app whose only subscription notes which counters it has heard of. */
function listening() {
  const heard: string[] = []
  const listener = subscription('listener', {
    events: [Incremented],
    handle: ({ aggregateId }) => void heard.push(aggregateId),
  })
  return { heard, definition: app({ name: 'listening', aggregates: [counter], subscriptions: [listener] }) }
}

it('a subscription that is moved ahead hears only of what comes after', async () => {
  const store = memoryStore()
  const { heard, definition } = listening()
  const recording = await openStore(definition, store, { processors: false })
  await recording.execute(Increment({ counterId: 'old' }))
  expect(await skipAhead(store, 'listener', 0, fail)).toBe(true)
  const headwater = await running(definition, { store })
  await headwater.execute(Increment({ counterId: 'new' }))
  await until(() => heard.length > 0)
  expect(heard).toEqual(['new'])
})

it('a subscription that is behind is not moved, as it would miss what it has yet to hear', async () => {
  const store = memoryStore()
  const { definition } = listening()
  const recording = await openStore(definition, store, { processors: false })
  onTestFinished(() => recording.close())
  await recording.execute(Increment({ counterId: 'unheard' }))
  expect(await skipAhead(store, 'listener', 1, fail)).toBe(false)
})

it('a subscription that runs in another process is not moved', async () => {
  const store = memoryStore()
  const { heard, definition } = listening()
  const headwater = await running(definition, { store })
  await headwater.execute(Increment({ counterId: 'a' }))
  await until(() => heard.length > 0)
  expect(await skipAhead(store, 'listener', 1, fail)).toBe(false)
})

function fail(error: unknown): void {
  throw error
}
