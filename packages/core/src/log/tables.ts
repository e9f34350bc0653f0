import type { SqlStep, SqlStore, Statement } from './sql.ts'

/** What code of a user's is given for its tables: `db` reads and makes queries, `write` takes over those that change rows. */
export interface TableTools<Query = never> {
  readonly db: unknown
  readonly table: (name: never) => unknown
  /**
   * Hands a query over, to be run in the transaction of what is recorded.
   *
   * @param expectation.rows how many rows it has to change, or nothing of all is done
   */
  readonly write: (query: Query, expectation?: { readonly rows?: number }) => void
}

/** One run of a user's code over its tables. */
export interface TableSession<Tools> {
  readonly tools: Tools
  /** What was handed over so far, in its order. */
  readonly statements: readonly Statement[]
}

/** Tables as a library that makes queries defines them (`headwater/sql`); core knows no such library. */
export interface TableDefinition<Tools extends TableTools = TableTools, Reader = unknown> {
  /** What makes the tables, in the words of a dialect. */
  steps(owner: string, dialect: SqlStore['dialect']): readonly SqlStep[]
  /** For those who only read. */
  reader(owner: string, sql: SqlStore): Reader
  session(owner: string, sql: SqlStore): TableSession<Tools>
}

/** Tables that a context keeps as its own state. */
export interface Tables<Name extends string = string, Tools extends TableTools = TableTools, Reader = unknown>
  extends TableDefinition<Tools, Reader> {
  readonly kind: 'tables'
  readonly name: Name
  readonly description: string | undefined
}
