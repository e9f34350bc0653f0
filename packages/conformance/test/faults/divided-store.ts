import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Store } from '@headwater/core'
import { sqliteStore } from '@headwater/sqlite'
import type { StoreModule } from '../../src/index.ts'
import { spoilt } from './replaced.ts'

/** What can be wrong with how a store divides a processor. */
const faults = {
  none: (store: Store) => store,

  'takes-old-generations': (store: Store) =>
    spoilt(store, 'progress', {
      commit: async (commit) => {
        const { processor, branch, partition } = commit
        if (partition === undefined) return store.progress.commit(commit)
        // As a store does that takes its time between what it has checked and what it writes.
        await pause(20)
        // Whoever worked on a part of it may write into what it became.
        const found = (await store.progress.partitions(processor, branch)).find(
          ({ first, last }) => first <= partition.first && last >= partition.first,
        )
        return store.progress.commit(found === undefined ? commit : { ...commit, partition: found })
      },
    }),

  'forgets-ahead': (store: Store) =>
    spoilt(store, 'progress', {
      partitions: async (...place) =>
        (await store.progress.partitions(...place)).map((partition) => ({ ...partition, ahead: [] })),
    }),
} as const

export type ProgressFault = keyof typeof faults

export const openStore: StoreModule['openStore'] = async (database, folder = '.', fault = 'none') =>
  faults[fault as ProgressFault](await sqliteStore({ path: join(folder, `${database}.db`) }))

export const lockWrites: StoreModule['lockWrites'] = () => {
  throw new Error('Nobody locks it')
}
