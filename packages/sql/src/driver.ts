import type { SqlStore } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'
import { rowsAs, statementOf } from './values.ts'

/** What may be asked of a query before it runs. */
export type Check = (query: CompiledQuery) => void

/** Runs queries on the store's connection that reads; it changes nothing, and knows no transactions. */
export class ReadingDriver implements Driver {
  readonly #connection: DatabaseConnection

  constructor(sql: SqlStore, check: Check) {
    this.#connection = new ReadingConnection(sql, check)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  async beginTransaction(): Promise<void> {
    throw new HeadwaterError(
      'sql.refused',
      'There are no transactions here: what is handed over is done in one, together with what is recorded',
    )
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class ReadingConnection implements DatabaseConnection {
  readonly #sql: SqlStore
  readonly #check: Check

  constructor(sql: SqlStore, check: Check) {
    this.#sql = sql
    this.#check = check
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (query.query.kind !== 'SelectQueryNode' && query.query.kind !== 'RawNode') {
      throw new HeadwaterError(
        'sql.refused',
        'A query that changes rows is not executed but handed over: write(query)',
        {
          details: { sql: query.sql },
        },
      )
    }
    this.#check(query)
    return { rows: rowsAs<Row>(await this.#sql.query(statementOf(query))) }
  }

  // oxlint-disable-next-line require-yield -- it refuses
  async *streamQuery<Row>(): AsyncGenerator<QueryResult<Row>> {
    throw new HeadwaterError(
      'sql.refused',
      'Rows are not streamed: a result has a bound, ask for it in pages',
    )
  }
}
