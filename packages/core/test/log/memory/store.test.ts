import { afterEach, expect, test, vi } from 'vitest'
import { memoryStore, type AppendRequest, type Store } from '@headwater/core'

afterEach(() => {
  vi.useRealTimers()
})

let requests = 0

function append(store: Store, stream = 'a-1'): ReturnType<Store['log']['append']> {
  const event = { type: 'Happened', version: 1, data: '{}', occurredAt: 0, tags: [] }
  const request: AppendRequest = {
    tenant: '',
    branch: 0,
    commandId: `command-${++requests}`,
    actor: null,
    correlationId: null,
    causationId: null,
    streams: [{ stream, expected: 'any', events: [event] }],
    conditions: [],
    documents: [],
    command: null,
  }
  return store.log.append([request])
}

test('fake timers do not stop the memory store', async () => {
  vi.useFakeTimers({ now: 5_000 })
  const [result] = await append(memoryStore())
  expect(result).toMatchObject({ status: 'appended', recordedAt: 5_000 })
})

test('a loop of calls to the memory store keeps no timer from firing', async () => {
  const store = memoryStore()
  const fired = new Promise<true>((resolve) => setTimeout(() => resolve(true), 1))
  let isOver = false
  void fired.then(() => {
    isOver = true
  })
  while (!isOver) await store.log.head(0)
  expect(await fired).toBe(true)
})

test('two memory stores share nothing', async () => {
  const [one, other] = [memoryStore(), memoryStore()]
  await append(one)
  expect((await other.log.head(0)).position).toBe(0)
  expect((await one.log.head(0)).epoch).not.toBe((await other.log.head(0)).epoch)
})

test('what was read from the memory store can’t be changed', async () => {
  const store = memoryStore()
  await append(store)
  const { events } = await store.log.read({ branch: 0, tenant: undefined, after: 0, limit: 1 })
  expect(events.every(Object.isFrozen)).toBe(true)
})
