import {
  EventReader,
  jsonCodec,
  memoryStore,
  type AppendRequest,
  type AppendResult,
  type Log,
} from '@headwater/core'
import { describe, expect, it, vi } from 'vitest'
import { Recorder, type AppendHooks } from '../../src/handle/recorder.ts'
import { GroupCommit } from '../../src/log/group-commit.ts'
import { LogFeed } from '../../src/log/feed.ts'

const request: AppendRequest = {
  tenant: '',
  branch: 0,
  commandId: 'c',
  actor: null,
  correlationId: null,
  causationId: '',
  streams: [
    {
      stream: 's-1',
      expected: 'none',
      events: [{ type: 'Added', version: 1, data: '{}', occurredAt: 0, tags: [] }],
    },
  ],
  conditions: [],
  documents: [],
  command: null,
}

const hooks: AppendHooks = {
  isInterested: () => true,
  prepare: async (given) => given,
  viewGeneration: () => 0,
  viewsChanged: async () => undefined,
  settled: () => undefined,
  afterCommit: () => undefined,
}

const lost: AppendResult = { status: 'document-conflict', collection: 'all', key: 'one' }

/** Records on a log that another process always reaches first, unless `isFree`; gives the pauses that were made. */
async function race(isFree: (attempt: number, pauses: readonly number[]) => boolean) {
  const store = memoryStore()
  const pauses: number[] = []
  let attempt = 0
  const { log } = store
  const contested = new Proxy(log, {
    get(target, name: keyof Log) {
      if (name !== 'append') return target[name].bind(target)
      return async (requests: readonly AppendRequest[]) => {
        attempt += 1
        return isFree(attempt, pauses) ? log.append(requests) : requests.map(() => lost)
      }
    },
  })
  const feed = new LogFeed(contested, new EventReader(jsonCodec, []), 0, () => undefined)
  const recorder = new Recorder(
    contested,
    new GroupCommit(contested, store.commands, feed.offer),
    feed,
    hooks,
    async (paused) => {
      pauses.push(paused)
    },
  )
  const recording = recorder.record(request)
  return { recording, pauses }
}

describe('an append that meets changed documents', () => {
  it('is tried again at once, where it happens now and then', async () => {
    const { recording, pauses } = await race((attempt) => attempt === 3)
    expect((await recording).result.status).toBe('appended')
    expect(pauses).toEqual([])
  })

  it('falls out of step with another one that is as fast, after some attempts', async () => {
    const { recording } = await race((_, pauses) => pauses.length > 0)
    expect((await recording).result.status).toBe('appended')
  })

  it('is refused in the end, after pauses that count on', async () => {
    const { recording, pauses } = await race(() => false)
    await expect(recording).rejects.toMatchObject({ code: 'log.document-conflict' })
    expect(pauses).toEqual(Array.from({ length: pauses.length }, (_, index) => index + 1))
    expect(pauses.length).toBeGreaterThan(100)
  })
})

describe('the pause before another attempt', () => {
  it('is anything up to a limit that grows with the attempts, and to 40 ms at most', async () => {
    const pauses: number[] = []
    vi.resetModules()
    vi.stubGlobal('setTimeout', (done: () => void, pause: number) => {
      pauses.push(pause)
      queueMicrotask(done)
    })
    try {
      const { backOffBy } = await import('../../src/handle/backoff.ts')
      for (const chance of [0, 0.5, 0.999]) {
        const backOff = backOffBy(() => chance)
        for (const attempt of [1, 2, 5, 6, 190]) await backOff(attempt)
      }
    } finally {
      vi.unstubAllGlobals()
    }
    const limits = [2, 4, 32, 40, 40]
    expect(pauses).toEqual([0, 0.5, 0.999].flatMap((chance) => limits.map((limit) => chance * limit)))
  })
})
