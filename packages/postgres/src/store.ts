import { branched, type Store } from '@headwater/core'
import { PostgresBranches } from './branches.ts'
import { Changes } from './changes.ts'
import { PostgresCommandLog } from './command-log.ts'
import { PostgresControls } from './controls.ts'
import type { Database } from './database.ts'
import { PostgresDocuments } from './documents.ts'
import { PostgresExternalJournal } from './external-journal.ts'
import { PostgresImages } from './images.ts'
import { History } from './history.ts'
import { PostgresLeases } from './leases.ts'
import { PostgresLog } from './log.ts'
import { PostgresParking } from './parking.ts'
import { Presence } from './presence.ts'
import { PostgresProgress } from './progress.ts'
import { PostgresResults } from './results.ts'
import { PostgresSql } from './user-sql.ts'
import { UserStatements } from './user-statements.ts'
import { UserTables } from './user-tables.ts'
import { type ConnectionOptions, openDatabase } from './open-database.ts'
import { logSchema, prepareSchema } from './schema.ts'
import { PostgresSegments } from './segments.ts'
import { PostgresSnapshots } from './snapshots.ts'
import { PostgresViewVersions } from './view-versions.ts'
import { Appender } from './write/append.ts'

export interface PostgresStoreOptions extends ConnectionOptions {
  /** Whether the schema is made where it is missing. Default true. */
  readonly create?: boolean
}

/**
 * Opens a schema of a PostgreSQL database (from 14) as a store. Any number of processes may have it open.
 *
 * @throws HeadwaterError `log.format`, `log.unavailable`, `runtime.unsupported`, `app.invalid`
 */
export async function postgresStore(options: PostgresStoreOptions): Promise<Store> {
  const database = openDatabase(options)
  try {
    await prepareSchema(database, logSchema, options.create)
    const history = new History(database)
    await history.renew()
    return composeStore(database, history)
  } catch (error) {
    await database.close()
    throw error
  }
}

function composeStore(database: Database, history: History): Store {
  const presence = new Presence(database)
  const statements = new UserStatements(database)
  const changes = new Changes(database)
  return {
    name: database.name,
    documents: new PostgresDocuments(database),
    snapshots: new PostgresSnapshots(database),
    images: new PostgresImages(database),
    ...branched({
      log: new PostgresLog(database, history, new Appender(database, history, statements), changes),
      commands: new PostgresCommandLog(database),
      branches: new PostgresBranches(database),
    }),
    progress: new PostgresProgress(database, statements),
    segments: new PostgresSegments(database),
    parking: new PostgresParking(database),
    results: new PostgresResults(database),
    controls: new PostgresControls(database),
    externals: new PostgresExternalJournal(database),
    leases: new PostgresLeases(database, presence),
    sql: new PostgresSql(database, statements, new UserTables(database, statements)),
    viewVersions: new PostgresViewVersions(database, changes),
    async close() {
      await changes.close()
      await presence.close()
      await database.close()
    },
  }
}
