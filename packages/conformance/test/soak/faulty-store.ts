import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { AppendRequest, Lease, Store } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import Database from 'better-sqlite3'
import type { StoreModule } from '../../src/index.ts'
import { replaced, spoilt } from '../faults/replaced.ts'

/** What can be wrong with a store, such as stores were found to be: each shows only where several share it, or are killed. */
export const storeFaults = {
  none: (store) => store,

  /** It acknowledges what it never writes, now and then. */
  loses: (store) => {
    let appends = 0
    return spoilt(store, 'log', {
      append: async (requests) => {
        appends += 1
        if (appends % 10 !== 0) return store.log.append(requests)
        const { position } = await store.log.head(0)
        return requests.map(({ streams }) => {
          const revisions = streams.map(({ events }) => events.length)
          return { status: 'appended', position: position + 1, recordedAt: Date.now(), revisions }
        })
      },
    })
  },

  /** As with positions of a sequence: what is committed later than what stands behind it is not seen by who was there. */
  skips: (store) => {
    let late = 0
    return spoilt(store, 'log', {
      read: async (query) => {
        const page = await store.log.read(query)
        const last = page.events.at(-1)
        if (page.events.length < 2 || last?.position !== page.head || page.head < late + 20) return page
        late = page.head
        return { ...page, events: page.events.toSpliced(-2, 1) }
      },
    })
  },

  /** It tries again what it had written, as after a timeout. */
  doubles: (store) => {
    let appends = 0
    return spoilt(store, 'log', {
      append: async (requests) => {
        const results = await store.log.append(requests)
        appends += 1
        const again = requests.filter((_, index) => results[index]?.status === 'appended')
        if (appends % 10 === 0) await store.log.append(again.map(whateverItWas))
        return results
      },
    })
  },

  /** Revisions are checked before the append, not in it. */
  'checks-early': (store) =>
    spoilt(store, 'log', {
      append: async (requests) => {
        const checked = await store.log.append(requests.map(onlyChecked))
        const held = requests.filter((_, index) => checked[index]?.status === 'appended')
        await pause(2)
        const results = await store.log.append(held.map(withoutExpectations))
        let next = 0
        return checked.map((result) => (result.status === 'appended' ? (results[next++] ?? result) : result))
      },
    }),

  /** Conditions are checked before the append, not in it. */
  'bounds-early': (store) =>
    spoilt(store, 'log', {
      append: async (requests) => {
        const kept: AppendRequest[] = []
        for (const request of requests) {
          const probe = { ...onlyChecked(request), conditions: request.conditions }
          const [result] = request.conditions.length === 0 ? [] : await store.log.append([probe])
          kept.push(result?.status === 'condition-failed' ? request : { ...request, conditions: [] })
        }
        await pause(20)
        return store.log.append(kept)
      },
    }),

  /** Whoever asks for a lease gets one. */
  'shares-leases': (store) => {
    const own = new Map<Lease, Lease>()
    const leases = replaced(store.leases, {
      acquire: async (name, owner, duration) => {
        const lease = await store.leases.acquire(
          `${name}${name.includes('?') ? '' : ` of ${owner}`}`,
          owner,
          duration,
        )
        if (lease === undefined) return undefined
        const given = { ...lease, name }
        own.set(given, lease)
        return given
      },
      renew: (lease, duration) => store.leases.renew(own.get(lease) ?? lease, duration),
      release: (lease) => store.leases.release(own.get(lease) ?? lease),
    })
    const progress = replaced(store.progress, {
      commit: (commit) => store.progress.commit({ ...commit, lease: own.get(commit.lease) ?? commit.lease }),
    })
    return { ...store, leases, progress }
  },

  /** A lease is looked at before the write, not in it: whoever loses it in between writes when another one has it. */
  'fences-early': (store) => {
    let commits = 0
    return spoilt(store, 'progress', {
      commit: async (commit) => {
        const { name, owner } = commit.lease
        commits += 1
        if (commits % 20 !== 0 || !(await store.leases.renew(commit.lease, 1_500)))
          return store.progress.commit(commit)
        await store.leases.release(commit.lease)
        await pause(300)
        const unfenced = await store.leases.acquire(`unfenced ${name}`, owner, 60_000)
        return store.progress.commit({ ...commit, lease: unfenced ?? commit.lease })
      },
    })
  },

  /** Documents and the checkpoint are two transactions: once its process is killed in between. */
  'commits-apart': (store, once) => {
    let commits = 0
    return spoilt(store, 'progress', {
      commit: async (commit) => {
        await store.progress.commit({ ...commit, checkpoint: undefined, park: [], unpark: [], results: [] })
        commits += 1
        const isHalf = commit.documents.length > 0 && commit.checkpoint !== undefined
        if (commits > 5 && isHalf && once()) process.kill(process.pid, 'SIGKILL')
        await store.progress.commit({ ...commit, documents: [] })
      },
    })
  },

  /** Its process ends in the midst of an append, and nobody has killed it. */
  crashes: (store, once) => {
    let appends = 0
    return spoilt(store, 'log', {
      append: (requests) => {
        appends += 1
        return appends > 5 && once() ? process.exit(3) : store.log.append(requests)
      },
    })
  },
} as const satisfies Record<string, (store: Store, once: () => boolean) => Store>

export type StoreFault = keyof typeof storeFaults

export const openStore: StoreModule['openStore'] = async (database, folder = '.', fault = 'none') => {
  const store = await sqliteStore({ path: join(folder, `${database}.db`) })
  return storeFaults[fault as StoreFault](store, () => isFirst(join(folder, `${database}.once`)))
}

/** Of all processes that ask, one gets true, once. */
function isFirst(path: string): boolean {
  if (existsSync(path)) return false
  try {
    closeSync(openSync(path, 'wx'))
    return true
  } catch {
    return false
  }
}

export const lockWrites: StoreModule['lockWrites'] = (database, folder = '.') => {
  const connection = new Database(join(folder, `${database}.db`))
  connection.exec('BEGIN IMMEDIATE')
  return () => {
    connection.exec('ROLLBACK')
    connection.close()
  }
}

/** The same once more, with nothing that could keep it from being written. */
function whateverItWas(request: AppendRequest): AppendRequest {
  return { ...withoutExpectations(request), conditions: [], documents: [], command: null }
}

function withoutExpectations(request: AppendRequest): AppendRequest {
  return { ...request, streams: request.streams.map((part) => ({ ...part, expected: 'any' })) }
}

function onlyChecked(request: AppendRequest): AppendRequest {
  const streams = request.streams.map((part) => ({ ...part, events: [] }))
  return { ...request, streams, conditions: [], documents: [], command: null }
}
