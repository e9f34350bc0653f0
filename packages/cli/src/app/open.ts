import {
  type App,
  type Headwater,
  HeadwaterError,
  memoryStore,
  openStore,
  type OpenOptions,
  type Store,
} from '@headwater/core'

export interface OpenDatabaseOptions extends OpenOptions {
  /** `memory:`, which forgets everything in the end, or the path of a SQLite file, which is made where it is missing. */
  readonly db: string
}

/**
 * Runs an app on a database.
 *
 * @example
 * const headwater = await open(app, { db: 'counter.db' })
 * @throws HeadwaterError `app.invalid`, `log.format`, `log.unavailable`, `runtime.unsupported`, `store.unknown`
 */
export async function open(app: App, { db, ...options }: OpenDatabaseOptions): Promise<Headwater> {
  const store = await storeAt(db)
  try {
    return await openStore(app, store, options)
  } catch (error) {
    await store.close()
    throw error
  }
}

/** @throws HeadwaterError `log.format`, `log.unavailable`, `runtime.unsupported`, `store.unknown` */
export async function storeAt(db: string): Promise<Store> {
  if (isMemory(db)) return memoryStore()
  const [, scheme = 'sqlite', rest = db] = /^([a-z][a-z0-9+.-]+):(.*)$/i.exec(db) ?? []
  if (scheme !== 'sqlite' && scheme !== 'file') {
    throw new HeadwaterError('store.unknown', `There is no store for ${scheme}: databases`)
  }
  const { sqliteStore } = await import('@headwater/sqlite')
  return sqliteStore({ path: rest })
}

export function isMemory(db: string): boolean {
  return db === 'memory:' || db === ':memory:'
}
