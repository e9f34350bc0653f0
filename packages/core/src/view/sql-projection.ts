import type { SqlStore, Statement } from '../log/sql.ts'
import type { TableDefinition, TableTools } from '../log/tables.ts'
import type { RecordedEvent } from '../message/recorded.ts'

/** How a view is kept in tables of its own: batches of events in, statements out, committed with the checkpoint. */
export interface SqlProjection<Reader = unknown> {
  readonly tables: TableDefinition<TableTools, Reader>
  /** Events that are projected together, at most. */
  readonly batch: number
  /** What events are kept in order by where one can't be projected; undefined: such an event stops the view. */
  readonly keyOf: ((event: RecordedEvent) => string) | undefined
  /** @param owner whose tables they are: the version of the view, such as `sales@2` */
  project(events: readonly RecordedEvent[], owner: string, sql: SqlStore): Promise<readonly Statement[]>
}
