import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { inspectSqlite, sqliteStore } from '../src/index.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headwater-inspect-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function logOf(path: string, events: number): Promise<void> {
  const store = await sqliteStore({ path })
  for (let number = 1; number <= events; number++) {
    await store.log.append([
      {
        tenant: '',
        branch: 0,
        commandId: `c${number}`,
        actor: null,
        correlationId: null,
        causationId: null,
        streams: [
          {
            stream: `counter-${number % 2}`,
            expected: 'any',
            events: [{ type: 'Counted', version: 1, data: '{}', occurredAt: number, tags: [] }],
          },
        ],
        conditions: [],
        documents: [],
        command: null,
      },
    ])
  }
  await store.close()
}

test('a sound log is dense, in its streams too', async () => {
  const path = join(folder, 'sound.db')
  await logOf(path, 5)
  expect(await inspectSqlite(path, { integrity: true })).toMatchObject({
    journalMode: 'wal',
    format: 4,
    events: 5,
    position: 5,
    isDense: true,
    brokenStreams: 0,
    integrity: 'ok',
  })
})

test('events that somebody deleted leave gaps that are seen', async () => {
  const path = join(folder, 'gap.db')
  await logOf(path, 5)
  const database = new Sqlite(path)
  database.exec('DELETE FROM events WHERE position = 2')
  database.close()
  expect(await inspectSqlite(path)).toMatchObject({
    events: 4,
    position: 5,
    isDense: false,
    brokenStreams: 1,
  })
})

test("somebody else's database is none of ours", async () => {
  const path = join(folder, 'other.db')
  const database = new Sqlite(path)
  database.exec('CREATE TABLE t (a)')
  database.close()
  expect(await inspectSqlite(path)).toBeUndefined()
})
