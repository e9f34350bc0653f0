import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeConformance } from '@headwater/conformance'
import { sqliteStore } from '@headwater/sqlite'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'headwater-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pathOf = (database: string) => join(folder, `${database}.db`)

storeConformance('sqlite', ({ database }) => sqliteStore({ path: pathOf(database) }), {
  durable: true,
  sql: true,
  branches: true,
  multiProcess: { module: new URL('./store-in-process.ts', import.meta.url), arguments: [folder] },
})
