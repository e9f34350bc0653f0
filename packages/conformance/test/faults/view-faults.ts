import type { ViewVersionsChange } from '@headwater/core'
import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

/** Changes what is changed. */
function changes(alter: (change: ViewVersionsChange) => ViewVersionsChange): Fault['plant'] {
  return (store) =>
    spoilt(store, 'viewVersions', { change: (change) => store.viewVersions.change(alter(change)) })
}

function without(change: ViewVersionsChange, name: 'lease' | 'unlessEvents'): ViewVersionsChange {
  const rest = { ...change }
  delete rest[name]
  return rest
}

export const viewFaults: readonly Fault[] = [
  {
    name: 'a change of views’ versions overwrites another',
    plant: (store) =>
      spoilt(store, 'viewVersions', {
        change: async (change) => {
          const { generation } = await store.viewVersions.read(change.branch)
          return store.viewVersions.change({ ...change, expected: generation })
        },
      }),
    foundBy: ['a change that was made from an older generation is refused and changes nothing'],
  },
  {
    name: 'a change of views’ versions needs no lease',
    plant: changes((change) => without(change, 'lease')),
    foundBy: ['a change under a lease that is not held any more is refused'],
  },
  {
    name: 'a version takes over though events came after it',
    plant: changes((change) => without(change, 'unlessEvents')),
    foundBy: ['a change is refused if an event of its types was recorded after its position'],
  },
  {
    name: 'the last events are looked at before the change, not in it',
    plant: (store) =>
      spoilt(store, 'viewVersions', {
        change: async ({ unlessEvents, ...change }) => {
          if (unlessEvents === undefined) return store.viewVersions.change(change)
          const looked = await store.viewVersions.change({ ...change, expected: -1 })
          if (looked.status === 'stale' && looked.generation !== change.expected) return looked
          const { types, after } = unlessEvents
          const page = await store.log.read({
            branch: change.branch,
            tenant: undefined,
            after,
            types,
            limit: 1,
          })
          const [event] = page.events
          if (event !== undefined) return { status: 'events', position: event.position }
          return store.viewVersions.change(change)
        },
      }),
    foundBy: ['an append is before a change that excludes it, or prepared for the generation after it'],
  },
  {
    name: 'versions of one branch are those of all',
    plant: (store) =>
      spoilt(store, 'viewVersions', {
        read: () => store.viewVersions.read(0),
        change: (change) => store.viewVersions.change({ ...change, branch: 0 }),
      }),
    foundBy: ['the versions of one branch are not those of another'],
  },
  {
    name: 'an append is recorded though the views have another generation',
    plant: (store) =>
      spoilt(store, 'log', {
        append: (requests) =>
          store.log.append(requests.map((request) => ({ ...request, viewGeneration: undefined }))),
      }),
    foundBy: [
      'an append that was prepared for another generation is refused and records nothing',
      'of many requests of one append those for another generation are refused, the others not',
    ],
  },
  {
    name: 'tenants are listed anew on every page',
    plant: (store) =>
      spoilt(store, 'log', { listTenants: (query) => store.log.listTenants({ ...query, after: undefined }) }),
    foundBy: ['tenants that have events are listed, page by page, each once'],
  },
]
