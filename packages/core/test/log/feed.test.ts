import {
  EventReader,
  jsonCodec,
  memoryStore,
  type AppendRequest,
  type AppendListener,
  type Log,
} from '@headwater/core'
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

/** The same log, but for some of its calls. */
function changed(log: Log, calls: Partial<Log>): Log {
  return new Proxy(log, {
    get(target, name: keyof Log) {
      return calls[name] ?? target[name].bind(target)
    },
  })
}

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

  it('asks the log for nothing that this process recorded itself', async () => {
    const { log } = memoryStore()
    const asked: string[] = []
    const watched = changed(log, {
      head: (branch) => {
        asked.push('head')
        return log.head(branch)
      },
      read: (query) => {
        asked.push('read')
        return log.read(query)
      },
    })
    const feed = new LogFeed(watched, reader, 0, raise)
    for (let n = 1; n <= 5; n += 1) {
      const requests = [request(2)]
      feed.offer(requests, await log.append(requests))
      await new Promise(setImmediate)
      await new Promise(setImmediate)
      expect(feed.head).toBe(2 * n)
    }
    expect(asked).toEqual([])
    // Another runtime of the process: where it ends is known, what it is is not.
    await log.append([request(3)])
    while (feed.head < 13) await new Promise(setImmediate)
    expect(asked).toEqual(['read'])
    await feed.close()
  })

  it('asks how far the log has come where nobody says it', async () => {
    const { log } = memoryStore()
    const heard = Promise.withResolvers<AppendListener>()
    const silent = changed(log, {
      onAppended: (listener) => {
        heard.resolve(listener)
        return () => undefined
      },
    })
    const feed = new LogFeed(silent, reader, 0, raise)
    await log.append([request(3)])
    ;(await heard.promise)()
    while (feed.head < 3) await new Promise(setImmediate)
    expect((await feed.read({ ...everything, after: 0, limit: 10 })).events).toHaveLength(3)
    await feed.close()
  })

  it('ends where it is told of more than there is', async () => {
    const { log } = memoryStore()
    const heard = Promise.withResolvers<AppendListener>()
    let reads = 0
    const lying = changed(log, {
      read: (query) => {
        reads += 1
        return log.read(query)
      },
      onAppended: (listener) => {
        heard.resolve(listener)
        return () => undefined
      },
    })
    const feed = new LogFeed(lying, reader, 0, raise)
    ;(await heard.promise)(7)
    while (reads === 0) await new Promise(setImmediate)
    await feed.close()
    expect(reads).toBe(1)
    expect(feed.head).toBe(0)
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
