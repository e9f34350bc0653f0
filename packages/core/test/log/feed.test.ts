import { EventReader, jsonCodec, memoryStore, type AppendRequest } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LogFeed } from '../../src/log/feed.ts'

const request = (count: number): AppendRequest => ({
  tenant: '',
  branch: 0,
  commandId: `append-${Math.random()}`,
  actor: null,
  correlationId: null,
  causationId: '',
  streams: [
    {
      stream: `s-${Math.random()}`,
      expected: 'any',
      events: Array.from({ length: count }, (_, index) => ({
        type: index % 2 === 0 ? 'Even' : 'Odd',
        version: 1,
        data: JSON.stringify({ index }),
        occurredAt: 0,
        tags: [],
      })),
    },
  ],
  conditions: [],
  documents: [],
  command: null,
})

const raise = (error: unknown): never => {
  throw error
}

const reader = new EventReader(jsonCodec, [])

const everything = { tenant: undefined, types: undefined, query: undefined }

describe('the feed', () => {
  it('shows every reader the whole log in order, whoever appended and however little it keeps in memory', async () => {
    const steps = fc.array(
      fc.record({ own: fc.boolean(), count: fc.integer({ min: 1, max: 5 }), read: fc.boolean() }),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (list, events, limit) => {
          const { log } = memoryStore()
          const feed = new LogFeed(log, reader, 0, raise, { events })
          const seen: number[] = []
          let after = 0
          const drain = async (): Promise<void> => {
            for (;;) {
              const page = await feed.read({ ...everything, after, limit })
              seen.push(...page.events.map(({ position }) => position))
              if (page.scannedTo === after) return
              after = page.scannedTo
            }
          }
          for (const { own, count, read } of list) {
            const requests = [request(count)]
            const results = await log.append(requests)
            if (own) feed.offer(requests, results)
            if (read) await drain()
          }
          // What others appended arrives by the log's own call.
          const total = list.reduce((sum, { count }) => sum + count, 0)
          while (feed.head < total) await new Promise(setImmediate)
          await drain()
          expect(seen).toEqual(Array.from({ length: total }, (_, index) => index + 1))
          await feed.close()
        },
      ),
      { numRuns: 100 },
    )
  })

  it('advances over what a filter leaves out', async () => {
    const { log } = memoryStore()
    const feed = new LogFeed(log, reader, 0, raise)
    const requests = [request(4)]
    feed.offer(requests, await log.append(requests))
    const page = await feed.read({ ...everything, types: new Set(['Even']), after: 0, limit: 10 })
    expect(page.events.map(({ position }) => position)).toEqual([1, 3])
    expect(page).toMatchObject({ scannedTo: 4, head: 4, lastId: `${requests[0]?.commandId}.4` })
    await feed.close()
  })

  it('wakes who waits when somebody appends, and when the caller gives up', async () => {
    const { log } = memoryStore()
    const feed = new LogFeed(log, reader, 0, raise)
    const stop = new AbortController()
    const woken = feed.wait(0, stop.signal)
    const requests = [request(1)]
    feed.offer(requests, await log.append(requests))
    await woken
    const abandoned = feed.wait(1, stop.signal)
    stop.abort()
    await abandoned
    expect(feed.head).toBe(1)
    await feed.close()
  })
})
