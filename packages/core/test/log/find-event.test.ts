import { describe, expect, it } from 'vitest'
import { findEvent } from '../../src/log/find-event.ts'
import { memoryStore } from '../../src/log/memory/store.ts'
import type { EventToAppend, StreamAppend } from '../../src/log/port.ts'
import type { Store } from '../../src/log/store.ts'
import { timeOrderedId } from '../../src/message/time-ordered-id.ts'

const time = 1_800_000_000_000

function events(count: number): EventToAppend[] {
  return Array.from({ length: count }, () => {
    return { type: 'Counted', version: 1, data: '{}', occurredAt: time, tags: [] }
  })
}

/** An append without a command, as others have made it. */
async function append(store: Store, commandId: string, count: number, recordedAt: number): Promise<void> {
  const streams: StreamAppend[] = [{ stream: 'counter-1', expected: 'any', events: events(count) }]
  const origin = { actor: null, correlationId: null, causationId: null, command: null }
  await store.log.append([
    { ...origin, tenant: '', branch: 0, commandId, streams, conditions: [], documents: [], recordedAt },
  ])
}

describe('An event of a direct append', () => {
  it('is found by the time in its id, however much was recorded right before it', async () => {
    const store = memoryStore()
    await append(store, 'crowd', 25_000, time - 1_000)
    const id = timeOrderedId(time)
    await append(store, id, 2, time)
    expect((await findEvent(store, '', `${id}.2`))?.position).toBe(25_002)
  })

  it('is found where the clock that recorded it is behind', async () => {
    const store = memoryStore()
    const id = timeOrderedId(time)
    await append(store, id, 1, time - 1_500)
    await append(store, 'crowd', 200, time)
    expect((await findEvent(store, '', `${id}.1`))?.position).toBe(1)
  })

  it('is not looked for in all of the log', async () => {
    const store = memoryStore()
    const id = timeOrderedId(time)
    await append(store, id, 1, time - 3_000)
    expect(await findEvent(store, '', `${id}.1`)).toBeUndefined()
  })
})
