import {
  type App,
  type Clock,
  type Headwater,
  HeadwaterError,
  memoryStore,
  openStore,
  type OpenOptions,
  type Store,
} from '@headwater/core'
import { kindOf, pathOf, shownDatabase } from './database.ts'

export interface OpenDatabaseOptions extends OpenOptions {
  /**
   * - `memory:`, which forgets everything in the end
   * - the path of a SQLite file
   * - `postgres://user:password@host:5432/database?schema=headwater`; what is left out is taken from PGHOST, PGUSER,
   *   PGPASSWORD and so on, or ~/.pgpass, and the schema is `headwater`
   */
  readonly db: string
  /** Whether the file or the schema is made where it is missing. Default true. */
  readonly create?: boolean
}

/**
 * Runs an app on a database.
 *
 * @example
 * const headwater = await open(app, { db: 'counter.db' })
 * @throws HeadwaterError `app.invalid`, `log.format`, `log.unavailable`, `runtime.unsupported`, `store.unknown`
 */
export async function open(
  app: App,
  { db, create = true, ...options }: OpenDatabaseOptions,
): Promise<Headwater> {
  const store = await storeAt(db, { create, ...(options.clock && { clock: options.clock }) })
  try {
    return await openStore(app, store, options)
  } catch (error) {
    await store.close()
    throw error
  }
}

interface StoreAtOptions {
  readonly create?: boolean
  /** Of a store in memory; a database has a clock of its own. */
  readonly clock?: Clock
}

/** @throws HeadwaterError `log.format`, `log.unavailable`, `runtime.unsupported`, `store.unknown` */
export async function storeAt(db: string, { create = true, clock }: StoreAtOptions = {}): Promise<Store> {
  switch (kindOf(db)) {
    case 'memory':
      return memoryStore(clock && { now: () => clock.now() })
    case 'sqlite': {
      const { sqliteStore } = await import('@headwater/sqlite')
      return sqliteStore({ path: pathOf(db) })
    }
    case 'postgres': {
      const { postgresStore } = await import('@headwater/postgres')
      return postgresStore({ url: db, create })
    }
    case 'unknown':
      throw new HeadwaterError('store.unknown', `There is no store for ${shownDatabase(db)}`)
  }
}
