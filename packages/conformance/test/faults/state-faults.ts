import type { DocumentQuery, DocumentWrite, Lease, Store } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

/** Changes every document that an append or a commit writes. */
function writes(change: (write: DocumentWrite) => DocumentWrite): Fault['plant'] {
  return (store) => {
    const log = spoilt(store, 'log', {
      append: (given) =>
        store.log.append(given.map((request) => ({ ...request, documents: request.documents.map(change) }))),
    })
    return spoilt(log, 'progress', {
      commit: (commit) => store.progress.commit({ ...commit, documents: commit.documents.map(change) }),
    })
  }
}

function queries(change: (query: DocumentQuery) => DocumentQuery): Fault['plant'] {
  return (store) => spoilt(store, 'documents', { list: (query) => store.documents.list(change(query)) })
}

const anyQuery = 'any query on any documents gives each match once, in order, in pages of any size'

export const documentFaults: readonly Fault[] = [
  {
    name: 'tenants share their documents',
    plant: (store) =>
      spoilt(writes((write) => ({ ...write, tenant: '' }))(store, Date.now), 'documents', {
        get: (collection, branch, _tenant, keys) => store.documents.get(collection, branch, '', keys),
        list: (query) => store.documents.list({ ...query, tenant: '' }),
      }),
    foundBy: ['a document of one tenant or branch is not the document of that key of another'],
  },
  {
    name: 'versions are not checked',
    plant: writes((write) => ({ ...write, expectedVersion: undefined })),
    foundBy: [
      'an append whose document was changed meanwhile is refused and records nothing',
      'racing updates of one document lose none',
      'a commit whose document was changed meanwhile is refused and writes nothing',
    ],
  },
  {
    name: 'a document that is made anew gets an old version',
    plant: (store) => {
      // Versions as a store has them that counts the writes since the document was made.
      const counts = new Map<string, number>()
      const own = writes((write) => {
        counts.set(write.key, write.document === null ? 0 : (counts.get(write.key) ?? 0) + 1)
        return { ...write, expectedVersion: undefined }
      })(store, Date.now)
      return spoilt(own, 'documents', {
        get: async (...given) =>
          (await store.documents.get(...given)).map(
            (row) => row && { ...row, version: counts.get(row.key) ?? 0 },
          ),
      })
    },
    foundBy: [
      'every write gives a document a version that it never had',
      'an append whose document was deleted and made anew meanwhile is refused and records nothing',
    ],
  },
  {
    name: 'words that a document had before still find it',
    plant: (store) => {
      const had = new Map<string, string>()
      return writes((write) => {
        const words = [had.get(write.key), write.words].filter(Boolean).join(' ')
        had.set(write.key, words)
        return { ...write, words }
      })(store, Date.now)
    },
    foundBy: [
      'a document is found by the words that it was written with last',
      'a document that is deleted is not found, and found again when it is made anew',
    ],
  },
  {
    name: 'one of the words is enough',
    plant: queries(({ search, ...query }) =>
      search === undefined ? query : { ...query, search: search.slice(-1) },
    ),
    foundBy: [
      'a search finds the documents that have all of its words',
      'any search gives each match once, in the order of the query, in pages of any size',
    ],
  },
  {
    name: 'the last word has to be whole',
    plant: queries(({ search, ...query }) =>
      search === undefined ? query : { ...query, search: [...search, ...search.slice(-1)] },
    ),
    foundBy: ['of the last word of a search its beginning is enough, of the others it is not'],
  },
  {
    name: 'a search looks at all tenants',
    plant: writes((write) => ({ ...write, tenant: '' })),
    foundBy: ['a search finds the documents of its own tenant and branch'],
  },
  {
    name: 'a row is repeated at the beginning of the next page',
    plant: (store) =>
      spoilt(store, 'documents', {
        list: async (query) => {
          const page = await store.documents.list(query)
          const key = query.after?.at(-1)
          if (key === undefined) return page
          const [last] = await store.documents.get(query.collection, query.branch, query.tenant, [
            String(key),
          ])
          return last === undefined ? page : { ...page, items: [last, ...page.items].slice(0, query.limit) }
        },
      }),
    foundBy: [anyQuery, 'ties are broken by the key, upwards, in a sort downwards too'],
  },
  {
    name: 'the next page begins after the values, whatever the key',
    plant: queries((query) => ({
      ...query,
      after: query.after && [
        ...query.after.slice(0, -1),
        ...(query.sort.length > 0 ? ['\u{10FFFF}'] : query.after.slice(-1)),
      ],
    })),
    foundBy: [anyQuery, 'ties are broken by the key, upwards, in a sort downwards too'],
  },
  {
    name: 'a sort downwards breaks its ties downwards',
    plant: queries((query) =>
      query.sort[0]?.descending === true
        ? { ...query, sort: [...query.sort, { path: '$key', descending: true }] }
        : query,
    ),
    foundBy: ['ties are broken by the key, upwards, in a sort downwards too', anyQuery],
  },
  {
    name: 'a full last page promises another one',
    plant: (store) =>
      spoilt(store, 'documents', {
        list: async (query) => {
          const page = await store.documents.list(query)
          const last = page.items.at(-1)
          return page.items.length === query.limit && last ? { ...page, next: page.next ?? [last.key] } : page
        },
      }),
    foundBy: ['a full page that is the last one says so'],
  },
  {
    name: 'ne leaves out null',
    plant: queries((query) => ({
      ...query,
      filters: query.filters.flatMap((filter) =>
        filter.operator === 'ne' ? [filter, { path: filter.path, operator: 'ne', value: null }] : [filter],
      ),
    })),
    foundBy: ['ne leaves out exactly what eq finds', anyQuery],
  },
  {
    name: 'eq takes the text of a number for the number',
    plant: queries((query) => ({
      ...query,
      filters: query.filters.map((filter) =>
        filter.operator === 'eq'
          ? { ...filter, operator: 'in', value: [filter.value, String(filter.value)].flat() }
          : filter,
      ),
    })),
    foundBy: ['eq finds a number, as a boolean too'],
  },
  {
    name: 'only the first filter is applied',
    plant: queries((query) => ({ ...query, filters: query.filters.slice(0, 1) })),
    foundBy: ['all filters must match', anyQuery],
  },
]

/** Remembers who holds each lease, so that a fault can write under it. */
function holders(store: Store): { readonly store: Store; readonly of: (lease: Lease) => Lease } {
  const last = new Map<string, Lease>()
  const acquire: Store['leases']['acquire'] = async (...given) => {
    const lease = await store.leases.acquire(...given)
    if (lease !== undefined) last.set(lease.name, lease)
    return lease
  }
  return { store: spoilt(store, 'leases', { acquire }), of: (lease) => last.get(lease.name) ?? lease }
}

const takenByAnother = 'a commit under a lease that was taken by another owner is fenced and writes nothing'

export const progressFaults: readonly Fault[] = [
  {
    name: 'a commit writes its checkpoint without its documents',
    plant: (store) =>
      spoilt(store, 'progress', { commit: (commit) => store.progress.commit({ ...commit, documents: [] }) }),
    foundBy: ['documents, parked events and the checkpoint are written by one commit'],
  },
  {
    name: 'a commit writes its documents without its checkpoint',
    plant: (store) =>
      spoilt(store, 'progress', {
        commit: (commit) => store.progress.commit({ ...commit, checkpoint: undefined }),
      }),
    foundBy: [
      'a checkpoint comes back as it was committed',
      'documents, parked events and the checkpoint are written by one commit',
    ],
  },
  {
    name: 'a commit is not fenced',
    plant: (store) => {
      const held = holders(store)
      const commit: Store['progress']['commit'] = (given) =>
        store.progress.commit({ ...given, lease: held.of(given.lease) })
      return spoilt(held.store, 'progress', { commit })
    },
    foundBy: [takenByAnother],
  },
  {
    name: 'a fenced commit parks its events all the same',
    plant: (store) => {
      const held = holders(store)
      const commit: Store['progress']['commit'] = async (given) => {
        const { park, unpark } = given
        const lease = held.of(given.lease)
        if (park.length > 0)
          await store.progress.commit({ ...given, lease, checkpoint: undefined, documents: [], park, unpark })
        await store.progress.commit({ ...given, park: [], unpark: [] })
      }
      return spoilt(held.store, 'progress', { commit })
    },
    foundBy: [takenByAnother],
  },
  {
    name: 'a reset forgets the other branch too',
    plant: (store) =>
      spoilt(store, 'progress', {
        reset: async (processor) => {
          await store.progress.reset(processor, 0)
          await store.progress.reset(processor, 1)
        },
      }),
    foundBy: ['a reset forgets a processor’s checkpoint and parked events, and no other’s'],
  },
  {
    name: 'parked events are listed in the order of parking',
    plant: (store) =>
      spoilt(store, 'parking', {
        list: async (query) =>
          (await store.parking.list({ ...query, limit: 1_000 }))
            .toSorted((one, other) => String(one.position).localeCompare(String(other.position)))
            .slice(0, query.limit),
      }),
    foundBy: ['parked events are listed by position, as many as asked for'],
  },
]

export const leaseFaults: readonly Fault[] = [
  {
    name: 'leases never expire',
    plant: (store) =>
      spoilt(store, 'leases', {
        acquire: (name, owner) => store.leases.acquire(name, owner, 1e12),
        renew: (lease) => store.leases.renew(lease, 1e12),
      }),
    foundBy: [
      'a lease expires on the store’s clock',
      'a commit under an expired lease is fenced and writes nothing, though nobody took it',
    ],
  },
  {
    name: 'the token is always the same',
    plant: (store) =>
      spoilt(store, 'leases', {
        acquire: async (...given) => {
          const lease = await store.leases.acquire(...given)
          return lease && { ...lease, token: 1 }
        },
      }),
    foundBy: ['the token rises with every new holder'],
  },
  {
    name: 'a lost lease can be renewed',
    plant: (store) => spoilt(store, 'leases', { renew: async () => true }),
    foundBy: ['a released lease can’t be renewed', 'an expired lease can’t be renewed, taken over or not'],
  },
  {
    name: 'a late release frees the new holder’s lease',
    plant: (store) => {
      const held = holders(store)
      return spoilt(held.store, 'leases', { release: (lease) => store.leases.release(held.of(lease)) })
    },
    foundBy: ['a late release of a lost lease leaves the new holder’s alone'],
  },
  {
    name: 'two owners hold a lease',
    plant: (store) =>
      spoilt(store, 'leases', {
        acquire: (name, owner, duration) => store.leases.acquire(`${name}/${owner}`, owner, duration),
      }),
    foundBy: ['a lease is held by one owner', 'one of 16 racing owners gets the lease'],
  },
]

export const commandFaults: readonly Fault[] = [
  {
    name: 'a trace leaves out the command that began it',
    plant: (store) =>
      spoilt(store, 'commands', {
        trace: async (query) =>
          (await store.commands.trace(query)).filter(({ id }) => id !== query.correlationId),
      }),
    foundBy: ['a trace gives the commands of a correlation, the one that began it included, oldest first'],
  },
  {
    name: 'a command is found in any tenant',
    plant: (store) =>
      spoilt(store, 'commands', {
        find: async (branch, _tenant, id) =>
          (await store.commands.read({ branch, tenant: undefined, after: 0, limit: 1_000 })).find(
            (row) => row.id === id,
          ),
      }),
    foundBy: ['a command id is handled once per tenant and branch'],
  },
  {
    name: 'rejections are not logged',
    plant: (store) =>
      spoilt(store, 'log', {
        append: (given) =>
          store.log.append(
            given.map((request) =>
              request.command?.status === 'rejected' ? { ...request, command: null } : request,
            ),
          ),
      }),
    foundBy: [
      'a rejection is logged with its reason and without events',
      'a rejected command’s id is answered as a duplicate',
    ],
  },
]
