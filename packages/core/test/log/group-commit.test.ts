import {
  type AppendRequest,
  type AppendResult,
  HeadwaterError,
  type Log,
  memoryStore,
  type StreamAppend,
} from '@headwater/core'
import { describe, expect, it } from 'vitest'
import { GroupCommit, type GroupCommitOptions } from '../../src/log/group-commit.ts'

const noFlush = (): void => undefined

function request(
  stream: string,
  given: Partial<AppendRequest> & { expected?: StreamAppend['expected']; tags?: string[] } = {},
): AppendRequest {
  const { expected = 'any', tags = [], ...rest } = given
  return {
    tenant: '',
    branch: 0,
    commandId: `append-${Math.random()}`,
    actor: null,
    correlationId: null,
    causationId: '',
    streams: [
      { stream, expected, events: [{ type: 'Happened', version: 1, data: '{}', occurredAt: 0, tags }] },
    ],
    conditions: [],
    documents: [],
    command: null,
    ...rest,
  }
}

/** A store whose flushes are looked at, and can be held up or made to fail. */
function observed(
  behave: (requests: readonly AppendRequest[]) => Promise<void> = async () => undefined,
  options: GroupCommitOptions = {},
) {
  const store = memoryStore()
  const flushes: string[][] = []
  const log: Log = {
    ...bound(store.log),
    append: async (requests) => {
      await behave(requests)
      flushes.push(requests.map(({ streams }) => streams[0]?.stream ?? ''))
      return store.log.append(requests)
    },
  }
  return { store, flushes, commits: new GroupCommit(log, store.commands, noFlush, options) }
}

function bound(log: Log): Log {
  return {
    append: (requests) => log.append(requests),
    appendTogether: (requests) => log.appendTogether(requests),
    read: (query) => log.read(query),
    readStream: (query) => log.readStream(query),
    readAt: (query) => log.readAt(query),
    listStreams: (query) => log.listStreams(query),
    listTenants: (query) => log.listTenants(query),
    head: (branch) => log.head(branch),
    positionAt: (branch, time) => log.positionAt(branch, time),
    onAppended: (listener) => log.onAppended(listener),
  }
}

const statuses = (results: readonly AppendResult[]) => results.map(({ status }) => status)

describe('group commit', () => {
  it('puts the appends of all callers into one flush', async () => {
    const { commits, flushes } = observed()
    await Promise.all(['a', 'b', 'c'].map((stream) => commits.append(request(stream))))
    expect(flushes).toEqual([['a', 'b', 'c']])
  })

  it('takes one request per stream, and keeps the order of a stream over flushes', async () => {
    const { commits, flushes, store } = observed()
    await Promise.all(
      ['a', 'a', 'b', 'a'].map((stream, index) =>
        commits.append(request(stream, { commandId: `c${index}` })),
      ),
    )
    expect(flushes).toEqual([['a', 'b'], ['a'], ['a']])
    const { events } = await store.log.readStream({ branch: 0, tenant: '', stream: 'a', after: 0, limit: 9 })
    expect(events.map(({ commandId }) => commandId)).toEqual(['c0', 'c1', 'c3'])
  })

  it('lets one of two creators of a stream win', async () => {
    const { commits } = observed()
    const results = await Promise.all([1, 2].map(() => commits.append(request('a', { expected: 'none' }))))
    expect(statuses(results).sort()).toEqual(['appended', 'conflict'])
  })

  it('keeps a condition and the events that could break it apart', async () => {
    const { commits, flushes } = observed()
    const condition = { query: { items: [{ tags: ['seat:1'] }] }, after: 0 }
    const results = await Promise.all([
      commits.append(request('a', { tags: ['seat:1'], conditions: [condition] })),
      commits.append(request('b', { tags: ['seat:1'], conditions: [condition] })),
      commits.append(request('c', { tags: ['seat:2'] })),
    ])
    expect(flushes).toEqual([['a', 'c'], ['b']])
    expect(statuses(results)).toEqual(['appended', 'condition-failed', 'appended'])
  })

  it('gives a condition on types alone a flush of its own', async () => {
    const { commits, flushes } = observed()
    const condition = { query: { items: [{ types: ['Other'] }] }, after: 0 }
    await Promise.all([
      commits.append(request('a')),
      commits.append(request('b', { conditions: [condition] })),
      commits.append(request('c')),
    ])
    expect(flushes).toEqual([['a'], ['b'], ['c']])
  })

  it('refuses what its queue can’t hold, and nothing else', async () => {
    const { commits } = observed(undefined, { longestQueue: 2 })
    const results = await Promise.allSettled(['a', 'b', 'c'].map((stream) => commits.append(request(stream))))
    expect(results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { reason: { code: 'log.overloaded' } },
    ])
  })

  it('bounds the bytes of a flush but takes a request that is larger alone', async () => {
    const large = (stream: string) => {
      const plain = request(stream)
      return {
        ...plain,
        streams: plain.streams.map((part) => ({
          ...part,
          events: part.events.map((event) => ({ ...event, data: '"'.repeat(600) })),
        })),
      }
    }
    const { commits, flushes } = observed(undefined, { largestFlush: 500 })
    await Promise.all([large('a'), request('b'), request('c')].map((one) => commits.append(one)))
    expect(flushes).toEqual([['a'], ['b', 'c']])
  })

  it('isolates the request that makes a flush throw', async () => {
    const { commits } = observed(async (requests) => {
      if (requests.some(({ streams }) => streams[0]?.stream === 'bad')) throw new TypeError('cannot bind')
    })
    const results = await Promise.allSettled(
      ['a', 'b', 'bad', 'c'].map((stream) => commits.append(request(stream))),
    )
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('asks the command log what became of a commit that was cut off', async () => {
    const store = memoryStore()
    let isCut = true
    const log: Log = {
      ...bound(store.log),
      append: async (requests) => {
        // The first half is recorded before the line goes dead; nobody hears of it.
        if (!isCut) return store.log.append(requests)
        isCut = false
        await store.log.append(requests.slice(0, 1))
        throw new HeadwaterError('log.outcome-unknown', 'connection lost')
      },
    }
    const commits = new GroupCommit(log, store.commands, noFlush)
    const command = {
      type: 'Do',
      payload: '{}',
      status: 'accepted',
      reason: null,
      causationId: null,
      reads: '{}',
    } as const
    const results = await Promise.allSettled([
      commits.append(request('a', { commandId: 'one', command })),
      commits.append(request('b', { commandId: 'two', command })),
      commits.append(request('c')),
    ])
    expect(results).toMatchObject([
      { value: { status: 'duplicate' } },
      { reason: { code: 'log.outcome-unknown' } },
      { reason: { code: 'log.outcome-unknown' } },
    ])
  })

  it('finishes what waits when it is closed, and refuses the rest', async () => {
    const { commits } = observed()
    const waiting = commits.append(request('a'))
    const closed = commits.close()
    await expect(commits.append(request('b'))).rejects.toMatchObject({ code: 'log.closed' })
    expect(await waiting).toMatchObject({ status: 'appended' })
    await closed
  })
})
