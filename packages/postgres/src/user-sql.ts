import {
  mostRows,
  type SqlRow,
  type SqlStep,
  type SqlStore,
  type SqlValue,
  type Statement,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database } from './database.ts'
import { failed, isOutdated, type UserStatements } from './user-statements.ts'
import type { UserTables } from './user-tables.ts'
import { userValueParser } from './user-values.ts'

export class PostgresSql implements SqlStore {
  readonly dialect = 'postgres'
  readonly #database: Database
  readonly #statements: UserStatements
  readonly #tables: UserTables

  constructor(database: Database, statements: UserStatements, tables: UserTables) {
    this.#database = database
    this.#statements = statements
    this.#tables = tables
  }

  async query(statement: Statement): Promise<readonly SqlRow[]> {
    for (;;) {
      const prepared = await this.#statements.statement(statement.sql, 'read', bounded)
      try {
        const { names, rows } = await this.#database.ask(prepared, statement.parameters, userValueParser)
        if (rows.length > mostRows) throw tooMany(statement)
        return rows.map((row) => rowOf(names, row as readonly SqlValue[]))
      } catch (error) {
        if (!isOutdated(error)) throw failed(error, statement)
        this.#statements.forget(statement.sql, 'read')
      }
    }
  }

  migrate(owner: string, steps: readonly SqlStep[]): Promise<void> {
    return this.#tables.migrate(owner, steps)
  }

  drop(owner: string): Promise<void> {
    return this.#tables.drop(owner)
  }
}

/** One more than there may be, so that too many are noticed. Behind a comment at its end a new line begins. */
function bounded(text: string): string {
  return `SELECT * FROM (${text}\n) AS result LIMIT ${mostRows + 1}`
}

function rowOf(names: readonly string[], values: readonly SqlValue[]): SqlRow {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]))
}

function tooMany({ sql }: Statement): HeadwaterError {
  return new HeadwaterError('sql.too-many-rows', `The query gives more than ${mostRows} rows`, {
    details: { sql: sql.slice(0, 1_000) },
  })
}
