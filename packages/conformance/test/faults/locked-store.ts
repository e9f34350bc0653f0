import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { memoryStore, type Store } from '@headwater/core'
import type { StoreModule } from '../../src/subject.ts'
import { spoilt } from './replaced.ts'

/** What a store does while another program holds its write lock. */
export type Patience = 'waits' | 'blocks' | 'gives-up' | 'holds-up-readers'

/** The reference behind a lock that is a file: taken by another process, as a database's would be. */
export function lockedStore(database: string, folder: string, patience: Patience): Store {
  const file = join(folder, `${database}.lock`)
  const store = memoryStore()
  const free = async (): Promise<void> => {
    while (existsSync(file)) await pause(5)
  }
  const { append, read } = { append: store.log.append.bind(store.log), read: store.log.read.bind(store.log) }
  const writing = spoilt(store, 'log', {
    append: async (requests) => {
      if (patience === 'gives-up' && existsSync(file)) throw new Error('database is locked')
      while (patience === 'blocks' && existsSync(file))
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      await free()
      return append(requests)
    },
  })
  if (patience !== 'holds-up-readers') return writing
  return spoilt(writing, 'log', { read: async (query) => free().then(() => read(query)) })
}

export const openStore: StoreModule['openStore'] = (database, folder = '.') =>
  lockedStore(database, folder, 'waits')

export const lockWrites: StoreModule['lockWrites'] = (database, folder = '.') => {
  const file = join(folder, `${database}.lock`)
  writeFileSync(file, '')
  return () => rmSync(file)
}
