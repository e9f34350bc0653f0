export { sqliteStore, type SqliteStoreOptions } from './store.ts'
export { inspectSqlite, type SqliteInspection } from './inspect.ts'
export { sqliteViews, type SqliteViewsOptions } from './sqlite-views.ts'
