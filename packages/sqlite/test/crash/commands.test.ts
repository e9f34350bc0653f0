import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { answersOnce } from '../../../conformance/test/support/accounts/answers-once.ts'
import { openStore } from '../store-in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'headwater-crash-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('an app on a SQLite file', () => {
  const module = new URL('../store-in-process.ts', import.meta.url)
  answersOnce(async (database) => openStore(database, folder), { module, arguments: [folder] })
})
