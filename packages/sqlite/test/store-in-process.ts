import { join } from 'node:path'
import type { StoreModule } from '@headwater/conformance'
import { sqliteStore } from '@headwater/sqlite'
import Database from 'better-sqlite3'

/** How the processes that the conformance tests start open the database. */
export const openStore: StoreModule['openStore'] = (database, folder = '.') =>
  sqliteStore({ path: join(folder, `${database}.db`) })

/** Like a person at a console: BEGIN IMMEDIATE and no COMMIT. */
export const lockWrites: NonNullable<StoreModule['lockWrites']> = (database, folder = '.') => {
  const connection = new Database(join(folder, `${database}.db`))
  connection.exec('BEGIN IMMEDIATE')
  return () => {
    connection.exec('ROLLBACK')
    connection.close()
  }
}
