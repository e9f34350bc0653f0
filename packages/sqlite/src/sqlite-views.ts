import { storeViews, type ViewDatabase } from '@headwater/core'
import { sqliteStore, type SqliteStoreOptions } from './store.ts'

export type SqliteViewsOptions = SqliteStoreOptions

/**
 * Views in a SQLite file, beside a log that lies elsewhere. The file has the form of a log's own, and is no other log's.
 * Several processes of one machine may have it open; those of several machines need a database that serves them all.
 */
export function sqliteViews(options: SqliteViewsOptions): ViewDatabase {
  return storeViews(`sqlite:${options.path}`, () => sqliteStore(options))
}
