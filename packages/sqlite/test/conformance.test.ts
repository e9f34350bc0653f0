import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  branchesConformance,
  commandLogConformance,
  externalsConformance,
  imagesConformance,
  progressConformance,
  snapshotsConformance,
  sqlConformance,
  storeConformance,
  viewVersionsConformance,
} from '@headwater/conformance'
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

// A thread takes a while to start, so it is tested with the ports whose calls are all different. threaded.test.ts has more.
const threaded = ({ database }: { database: string }) =>
  sqliteStore({ path: pathOf(database), writer: 'worker' })
commandLogConformance('sqlite with a thread', threaded)
progressConformance('sqlite with a thread', threaded)
sqlConformance('sqlite with a thread', threaded, { sql: true })
snapshotsConformance('sqlite with a thread', threaded)
imagesConformance('sqlite with a thread', threaded)
externalsConformance('sqlite with a thread', threaded)
viewVersionsConformance('sqlite with a thread', threaded)
branchesConformance('sqlite with a thread', threaded, { branches: true })
