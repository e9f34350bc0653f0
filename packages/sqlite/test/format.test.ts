import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { sqliteStore } from '@headwater/sqlite'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { connectWriter, loadDriver } from '../src/database.ts'
import { prepareSchema } from '../src/schema.ts'
import { aRequest, append, newPath, openStore, readAll, to } from './support.ts'

describe('a database file', () => {
  it('is made where it is missing, and says whose it is', async () => {
    const path = newPath()
    await (await sqliteStore({ path })).close()
    const database = new Database(path)
    expect(database.pragma('application_id', { simple: true })).toBe(0x48445752)
    expect(database.pragma('user_version', { simple: true })).toBe(1)
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
    database.pragma('user_version = 2')
    database.close()
    await expect(sqliteStore({ path })).rejects.toMatchObject({ code: 'log.format' })
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
