import {
  mostRows,
  type SqlRow,
  type SqlStep,
  type SqlStore,
  type Statement as UserStatement,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { encoded, type Reader } from './reader.ts'
import { failed, UserStatements } from './user-statements.ts'
import type { Writer } from './writer.ts'

export class SqliteSql implements SqlStore {
  readonly dialect = 'sqlite'
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #statements: UserStatements

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#statements = new UserStatements(reader.database, 'read')
  }

  query(statement: UserStatement): Promise<readonly SqlRow[]> {
    return this.#reader.read(() => {
      const prepared = this.#statements.get(statement)
      const rows: SqlRow[] = []
      try {
        for (const row of prepared.iterate(...statement.parameters)) {
          if (rows.length >= mostRows) throw tooMany(statement)
          rows.push(plain(row))
        }
      } catch (error) {
        throw failed(error, statement)
      }
      return rows
    })
  }

  migrate(owner: string, steps: readonly SqlStep[]): Promise<void> {
    return this.#writer.perform('migrateTables', owner, steps)
  }

  drop(owner: string): Promise<void> {
    return this.#writer.perform('dropTables', owner)
  }
}

/** Bytes come as better-sqlite3's own kind; callers know only the plain one. */
function plain(row: SqlRow): SqlRow {
  for (const value of Object.values(row)) {
    if (value instanceof Uint8Array) {
      return Object.fromEntries(
        Object.entries(row).map(([name, one]) => [name, Buffer.isBuffer(one) ? encoded(one) : one]),
      )
    }
  }
  return row
}

function tooMany({ sql }: UserStatement): HeadwaterError {
  return new HeadwaterError('sql.too-many-rows', `The query gives more than ${mostRows} rows`, {
    details: { sql: sql.slice(0, 1_000) },
  })
}
