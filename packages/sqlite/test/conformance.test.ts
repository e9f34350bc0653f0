import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeConformance } from '@headwater/conformance'
import { sqliteStore } from '@headwater/sqlite'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'headwater-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

storeConformance(
  'sqlite',
  ({ database }) => sqliteStore({ path: join(folder, `${database}.db`), writer: 'inline' }),
  {
    durable: true,
    multiProcess: { module: new URL('./store-in-process.ts', import.meta.url), arguments: [folder] },
  },
)
