import type { BranchRow } from '../log/branches.ts'
import type { CallKey, CallsQuery, ExternalJournal } from '../log/external-journal.ts'
import type { Leases } from '../log/leases.ts'
import type { Log } from '../log/port.ts'
import type { Snapshots } from '../log/snapshots.ts'
import type { CommandLog, Store } from '../log/store.ts'
import { nearestFirst } from './ancestry.ts'

/** So often at most a branch looks whether others have appended to it: milliseconds. */
const pause = 50

/**
 * A store of which main is a branch, so that whoever works on main works on a branch without knowing it. Of what a branch
 * has nothing of its own, such as processors and tables, it has main's, or nothing: that is not for use.
 */
export function branchStore(store: Store, branch: BranchRow): Store {
  const { id } = branch
  const { branches: _branches, sql: _sql, ...ports } = store
  return {
    ...ports,
    name: `${store.name} (branch ${branch.name})`,
    log: logOf(store.log, id),
    commands: commandsOf(store.commands, id),
    snapshots: snapshotsOf(store, branch),
    leases: leasesOf(store.leases, id),
    externals: journalOf(store, branch),
    close: async () => undefined,
  }
}

function logOf(log: Log, id: number): Log {
  return {
    append: (requests) => log.append(requests.map((request) => ({ ...request, branch: id }))),
    appendTogether: (requests) => log.appendTogether(requests.map((request) => ({ ...request, branch: id }))),
    read: (query) => log.read({ ...query, branch: id }),
    readStream: (query) => log.readStream({ ...query, branch: id }),
    readAt: (query) => log.readAt({ ...query, branch: id }),
    listStreams: (query) => log.listStreams({ ...query, branch: id }),
    listTenants: (query) => log.listTenants({ ...query, branch: id }),
    head: () => log.head(id),
    positionAt: (_, recordedAt) => log.positionAt(id, recordedAt),
    // Most of what is appended is main's: who listens on a branch looks now and then, and costs main nothing.
    onAppended: (listener) => {
      let timer: NodeJS.Timeout | undefined
      const stop = log.onAppended(() => {
        timer ??= setTimeout(() => {
          timer = undefined
          listener()
        }, pause).unref()
      })
      return () => {
        stop()
        clearTimeout(timer)
      }
    },
  }
}

function commandsOf(commands: CommandLog, id: number): CommandLog {
  return {
    find: (_, tenant, command) => commands.find(id, tenant, command),
    read: (query) => commands.read({ ...query, branch: id }),
    trace: (query) => commands.trace({ ...query, branch: id }),
  }
}

/** Where a branch has none of its own, its parents': whoever finds one checks that the log bears it out. */
function snapshotsOf(store: Store, branch: BranchRow): Snapshots {
  const { snapshots } = store
  const { id } = branch
  return {
    find: async (_, tenant, stream) => {
      for await (const { id: of } of nearestFirst(store, branch)) {
        const row = await snapshots.find(of, tenant, stream)
        if (row !== undefined) return row
      }
      return undefined
    },
    save: (rows) => snapshots.save(rows.map((row) => ({ ...row, branch: id }))),
    list: (query) => snapshots.list({ ...query, branch: id }),
    drop: (query) => snapshots.drop({ ...query, branch: id }),
  }
}

function leasesOf(leases: Leases, id: number): Leases {
  const named = (name: string): string => `branch:${id}:${name}`
  return {
    acquire: (name, owner, duration) => leases.acquire(named(name), owner, duration),
    renew: (lease, duration) => leases.renew(lease, duration),
    release: (lease) => leases.release(lease),
    held: (prefix) => leases.held(named(prefix)),
  }
}

/** Written for the branch; read of its parents where it knows nothing itself. */
function journalOf(store: Store, branch: BranchRow): ExternalJournal {
  const { externals } = store
  const { id } = branch
  const own = <Query extends CallKey | CallsQuery>(query: Query): Query => ({ ...query, branch: id })
  return {
    intend: (call) => externals.intend(own(call)),
    settle: (call, settlement) => externals.settle(own(call), settlement),
    find: async (key) => {
      for await (const { id: of } of nearestFirst(store, branch)) {
        const call = await externals.find({ ...key, branch: of })
        if (call !== undefined) return call
      }
      return undefined
    },
    latest: async (query) => {
      for await (const { id: of, until } of nearestFirst(store, branch)) {
        const call = await externals.latest({ ...query, branch: of, at: Math.min(query.at, until) })
        if (call !== undefined) return call
      }
      return undefined
    },
    list: (query) => externals.list(own(query)),
    read: (query) => externals.read({ ...query, branch: id }),
    keep: (calls) => externals.keep(calls.map(own)),
    prune: (which) => externals.prune({ ...which, branch: id }),
  }
}
