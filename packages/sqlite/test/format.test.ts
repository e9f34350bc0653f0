import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sqliteStore } from '@headwater/sqlite'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { connectWriter, loadDriver } from '../src/database.ts'
import { applicationId, format, prepareSchema } from '../src/schema.ts'
import { aRequest, append, newPath, openStore, readAll, to } from './support.ts'

const olderFormats = Array.from({ length: format - 1 }, (_, index) => index + 1)

describe('a database file', () => {
  it('is made where it is missing, and says whose it is', async () => {
    const path = newPath()
    await (await sqliteStore({ path })).close()
    const database = new Database(path)
    expect(database.pragma('application_id', { simple: true })).toBe(0x48445752)
    expect(database.pragma('user_version', { simple: true })).toBe(format)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    database.close()
  })

  it('is made once by all who open it at the same time', async () => {
    const path = newPath()
    const first = openStore({ path })
    const stores = await Promise.all([first, ...Array.from({ length: 4 }, () => openStore({ path }))])
    const heads = await Promise.all(stores.map(({ log }) => log.head(0)))
    expect(new Set(heads.map(({ epoch }) => epoch)).size).toBe(1)
    await Promise.all(stores.map((store, index) => append(store, aRequest([to(`s-${index}`)]))))
    expect((await readAll(stores[0])).events).toHaveLength(5)
  })

  it('is all that is left when the last who had it open has closed it', async () => {
    for (const writer of ['inline', 'worker'] as const) {
      const path = newPath()
      const store = await sqliteStore({ path, writer })
      await append(store, aRequest([to('a-1')]))
      await Promise.all([store.close(), store.close()])
      expect(readdirSync(dirname(path))).toEqual([basename(path)])
    }
  })

  it('of somebody else is refused and left as it is', async () => {
    const path = newPath()
    const foreign = new Database(path)
    foreign.exec('CREATE TABLE notes (text TEXT)')
    foreign.close()
    const before = readFileSync(path)
    await expect(sqliteStore({ path })).rejects.toMatchObject({ code: 'log.format' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('of a newer format is refused', async () => {
    const path = newPath()
    await (await sqliteStore({ path })).close()
    const database = new Database(path)
    database.pragma(`user_version = ${format + 1}`)
    database.close()
    await expect(sqliteStore({ path })).rejects.toMatchObject({ code: 'log.format' })
  })

  it.each(olderFormats)('of format %i is brought up to date, and then is like a new one', async (older) => {
    const path = newPath()
    writeOldFile(path, older)
    const store = await openStore({ path })
    await append(store, aRequest([to('a-1')]))
    await store.close()
    const fresh = newPath()
    await (await sqliteStore({ path: fresh })).close()
    expect(tablesOf(path)).toEqual(tablesOf(fresh))
  })

  it('of format 1 has its views’ only collections as their first versions', async () => {
    const path = newPath()
    writeOldFile(path, 1)
    const old = new Database(path)
    old.exec(`INSERT INTO collections VALUES ('fed@1', 'a'), ('in-line@1', 'b'), ('other', 'c');
      INSERT INTO checkpoints VALUES ('fed', 0, 'epoch', 7, NULL)`)
    old.close()
    const { viewVersions, progress } = await openStore({ path })
    const { generation, versions } = await viewVersions.read(0)
    expect(generation).toBe(0)
    expect(
      versions.map(({ view, version, state, collection, processor, lifecycle, code }) => {
        return { view, version, state, collection, processor, lifecycle, code }
      }),
    ).toEqual([
      {
        view: 'fed',
        version: 1,
        state: 'current',
        collection: 'fed@1',
        processor: 'fed',
        lifecycle: 'async',
        code: '',
      },
      {
        view: 'in-line',
        version: 1,
        state: 'current',
        collection: 'in-line@1',
        processor: 'in-line',
        lifecycle: 'inline',
        code: '',
      },
    ])
    expect(await progress.checkpoint('fed', 0)).toMatchObject({ position: 7 })
  })

  it('that is no database is refused', async () => {
    const path = newPath()
    writeFileSync(path, 'This is a text that is longer than the header of a database.'.repeat(10))
    await expect(sqliteStore({ path })).rejects.toMatchObject({ code: 'log.format' })
  })

  it('in a folder that is not there is refused', async () => {
    const path = join(newPath(), 'nowhere', 'log.db')
    await expect(sqliteStore({ path })).rejects.toMatchObject({ code: 'log.unavailable' })
  })
})

/** A file as the Headwater of that format made it. */
function writeOldFile(path: string, older: number): void {
  const database = new Database(path)
  database.exec(readFileSync(join(import.meta.dirname, 'formats', `${older}.sql`), 'utf8'))
  database.prepare('INSERT INTO log (epoch, format, last_version) VALUES (?, ?, 0)').run('epoch', older)
  database.pragma(`application_id = ${applicationId}`)
  database.pragma(`user_version = ${older}`)
  database.close()
}

/** What the file is made of; comments and white space, which a migration need not repeat, left out. */
function tablesOf(path: string): unknown {
  const database = new Database(path, { readonly: true })
  const columns = database
    .prepare(`SELECT t.name AS "table", c.cid, c.name, c.type, c."notnull", c.dflt_value, c.pk
       FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid`)
    .all()
  const indexes = database
    .prepare(`SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY tbl_name, name`)
    .all()
  const version = database.pragma('user_version', { simple: true })
  const recorded = database.prepare('SELECT format FROM log').pluck().get()
  database.close()
  return { columns, indexes, version, recorded }
}

it('syncs every commit to the disk', async () => {
  const database = connectWriter(await loadDriver(), newPath())
  prepareSchema(database)
  expect(database.pragma('synchronous', { simple: true })).toBe(2)
  expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
  database.close()
})

describe('the runtime', () => {
  it('is refused before the binary is loaded that would end it', async () => {
    await expect(loadDriver('9')).rejects.toMatchObject({ code: 'runtime.unsupported' })
    await expect(loadDriver(undefined)).resolves.toBeTypeOf('function')
  })
})
