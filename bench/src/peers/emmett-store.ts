import { join } from 'node:path'
import {
  getSQLiteEventStore,
  sqliteConnection,
  type SQLiteConnection,
  type SQLiteEventStore,
} from '@event-driven-io/emmett-sqlite'
import { quietly } from '../measure/quiet.ts'

export interface EmmettDatabase {
  /** A connection per operation, as the documentation opens it: right with any number of callers. */
  readonly pooled: SQLiteEventStore
  /**
   * One connection kept open, which spares opening the file per operation. Right for one caller only:
   * two at once would share a transaction.
   */
  readonly single: SQLiteEventStore
  readonly connection: SQLiteConnection
  close(): Promise<void>
}

export async function openEmmett(folder: string): Promise<EmmettDatabase> {
  const fileName = join(folder, 'emmett.db')
  const pooled = getSQLiteEventStore({ fileName })
  await quietly(() => pooled.schema.migrate())
  // Not earlier: two connections that make a new file a WAL one at the same time end the process.
  const connection = sqliteConnection({ fileName })
  const single = getSQLiteEventStore({
    fileName,
    schema: { autoMigration: 'None' },
    connectionOptions: { singleton: true, connection },
  })
  return { pooled, single, connection, close: async () => connection.close() }
}
