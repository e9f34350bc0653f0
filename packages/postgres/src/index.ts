export { inspectPostgres, type PostgresInspection } from './inspect.ts'
export type { ConnectionOptions } from './open-database.ts'
export {
  appendError,
  appendWithin,
  type AppendWithinOptions,
  type EventsForStream,
  type TransactionClient,
} from './append-within.ts'
export { postgresStore, type PostgresStoreOptions } from './store.ts'
export { postgresViews, type PostgresViewsOptions } from './postgres-views.ts'
