import type { Fault } from './fault.ts'
import { spoilt } from './replaced.ts'

export const amendmentFaults: readonly Fault[] = [
  {
    name: 'a search by type passes over types that begin with a dollar',
    plant: (store) =>
      spoilt(store, 'log', {
        read: async (query) => {
          const page = await store.log.read(query)
          if (query.types === undefined) return page
          return { ...page, events: page.events.filter(({ type }) => !type.startsWith('$')) }
        },
      }),
    foundBy: [
      'an amended stream is the list that is edited from scratch, now and as it was known at any position',
    ],
  },
]
