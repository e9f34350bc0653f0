import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, type Store } from 'headwater'
import { sqliteStore } from '@headwater/sqlite'
import { afterAll } from 'vitest'
import { openTrial, server } from '../../../postgres/test/support.ts'

/** Makes an empty store. */
export type MakeStore = () => Promise<Store>

/** The stores on which what holds of an app is tried, by their names; PostgreSQL where there is one. */
export function storesOf(what: string): readonly (readonly [name: string, makeStore: MakeStore])[] {
  const folder = mkdtempSync(join(tmpdir(), `headwater-${what}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return [
    ['memory', async () => memoryStore()],
    ['SQLite', async () => sqliteStore({ path: join(await mkdtemp(join(folder, 'store-')), 'log.db') })],
    ...(server === undefined
      ? []
      : [['PostgreSQL', async () => openTrial({ database: randomUUID() })] as const]),
  ]
}
