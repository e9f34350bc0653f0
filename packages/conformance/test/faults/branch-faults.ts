import type { AppendRequest, Branches, Store } from '@headwater/core'
import type { Fault } from './fault.ts'
import { replaced, spoilt } from './replaced.ts'

/** A store with some methods of its branches replaced. */
function branches(changes: (branches: Branches, store: Store) => Partial<Branches>): Fault['plant'] {
  return (store) => {
    if (store.branches === undefined) return store
    return { ...store, branches: replaced(store.branches, changes(store.branches, store)) }
  }
}

/** Changes every request for a branch before it is appended. */
function onBranches(change: (request: AppendRequest) => AppendRequest): Fault['plant'] {
  return (store) =>
    spoilt(store, 'log', {
      append: (requests) =>
        store.log.append(requests.map((request) => (request.branch === 0 ? request : change(request)))),
    })
}

const equal = 'an empty branch equals its parent everywhere'
const refused = 'what a branch records is refused as on main: by its past and by its tail'
const noTrace = 'a drop leaves no trace'
const upTo = 'the log up to a position is what it was when it ended there'
const goesOn = 'a branch goes on where it begins: positions, revisions and times'
const untouched = 'nothing on the parent changes by what is recorded on a branch'

export const branchFaults: readonly Fault[] = [
  {
    name: 'a branch begins with nothing',
    plant: branches((own) => ({
      create: (branch) =>
        own.create({ ...branch, base: { position: 0, recordedAt: undefined, sequence: 0 } }),
    })),
    foundBy: [equal, goesOn],
  },
  {
    name: 'a branch sees what its parent records later',
    plant: (store) =>
      spoilt(store, 'log', {
        read: async (query) => {
          const page = await store.log.read({ ...query, branch: 0 })
          return page.events.length > 0 ? page : store.log.read(query)
        },
      }),
    foundBy: [goesOn, 'a branch of a place in the past has what was recorded up to there'],
  },
  {
    name: 'what is recorded on a branch is recorded on main',
    plant: onBranches((request) => ({ ...request, branch: 0 })),
    foundBy: [untouched],
  },
  {
    name: 'a branch does not look for command ids in its past',
    plant: onBranches((request) => ({ ...request, commandId: `again-${request.commandId}` })),
    foundBy: [refused],
  },
  {
    name: 'a branch does not look for conditions in its past',
    plant: onBranches((request) => ({
      ...request,
      conditions: request.conditions.map((condition) => ({ ...condition, after: 6 })),
    })),
    foundBy: [refused],
  },
  {
    name: 'a branch takes the streams of its past for new',
    plant: onBranches((request) => ({
      ...request,
      streams: request.streams.map((part) =>
        part.expected === 'none' ? { ...part, expected: 'any' } : part,
      ),
    })),
    foundBy: [refused],
  },
  {
    name: 'the tenants of the past are forgotten',
    plant: (store) =>
      spoilt(store, 'log', {
        listTenants: async (query) => (query.branch === 0 ? store.log.listTenants(query) : []),
      }),
    foundBy: [equal],
  },
  {
    name: 'commands of the past are forgotten',
    plant: (store) =>
      spoilt(store, 'commands', {
        trace: async (query) => (query.branch === 0 ? store.commands.trace(query) : []),
      }),
    foundBy: [equal],
  },
  {
    name: 'a branch that was dropped is still there',
    plant: branches(() => ({ drop: async () => 'dropped' })),
    foundBy: [noTrace, 'an append to a branch that is not there, or not any more, fails'],
  },
  {
    name: 'documents of a dropped branch stay',
    plant: (store) =>
      spoilt(store, 'documents', { count: async (_collection, branch) => (branch === 0 ? 0 : 12) }),
    foundBy: [noTrace],
  },
  {
    name: 'a parent is dropped under its children',
    plant: branches((own) => ({
      drop: async (id) => {
        const dropped = await own.drop(id)
        return dropped === 'parent' ? 'dropped' : dropped
      },
    })),
    foundBy: ['a branch that others begin on is not dropped'],
  },
  {
    name: 'an unknown parent is taken for main',
    plant: branches((own) => ({
      create: async (branch) => {
        const created = await own.create(branch)
        return created.status === 'no-parent' ? own.create({ ...branch, parent: 0 }) : created
      },
    })),
    foundBy: ['a branch of nothing is refused'],
  },
  {
    name: 'names are one for all tenants',
    plant: branches((own) => ({
      create: (branch) => own.create({ ...branch, tenant: '' }),
      find: (_tenant, name) => own.find('', name),
    })),
    foundBy: ['a tenant has one branch of a name, whoever races for it'],
  },
  {
    name: 'a list goes on with the last one of the page before',
    plant: branches((own) => ({
      list: (query) => own.list({ ...query, after: undefined }),
    })),
    foundBy: ['branches are listed by tenant and name, page by page'],
  },
  {
    name: 'clocks stand still',
    plant: branches(() => ({ setClock: async () => true })),
    foundBy: ['the clock of a branch is moved'],
  },
  {
    name: 'a page goes beyond where it should end',
    plant: (store) => spoilt(store, 'log', { read: ({ to: _to, ...query }) => store.log.read(query) }),
    foundBy: [upTo],
  },
  {
    name: 'a stream goes beyond where it should end',
    plant: (store) =>
      spoilt(store, 'log', { readStream: ({ to: _to, ...query }) => store.log.readStream(query) }),
    foundBy: [upTo],
  },
  {
    name: 'streams that are still to come are listed',
    plant: (store) =>
      spoilt(store, 'log', { listStreams: ({ to: _to, ...query }) => store.log.listStreams(query) }),
    foundBy: [upTo],
  },
]
