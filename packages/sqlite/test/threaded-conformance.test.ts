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
  viewVersionsConformance,
} from '@headwater/conformance'
import { sqliteStore } from '@headwater/sqlite'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'headwater-sqlite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// A thread takes a while to start, so it is tested with the ports whose calls are all different. threaded.test.ts has more.
const threaded = ({ database }: { database: string }) =>
  sqliteStore({ path: join(folder, `${database}.db`), writer: 'worker' })
commandLogConformance('sqlite with a thread', threaded)
progressConformance('sqlite with a thread', threaded)
sqlConformance('sqlite with a thread', threaded, { sql: true })
snapshotsConformance('sqlite with a thread', threaded)
imagesConformance('sqlite with a thread', threaded)
externalsConformance('sqlite with a thread', threaded)
viewVersionsConformance('sqlite with a thread', threaded)
branchesConformance('sqlite with a thread', threaded, { branches: true })
