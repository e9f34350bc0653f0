import type { SqlStore, Statement, TableSession, TableTools } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import {
  sql as sqlTag,
  type Compilable,
  type CompiledQuery,
  type Kysely,
  type QueryExecutorProvider,
  type RawBuilder,
} from 'kysely'
import { tablesIn } from './compiler.ts'
import { databaseOf, prefixOf } from './database.ts'
import { statementOf } from './values.ts'

/** A query of Kysely's that changes rows, not executed. */
export type Query = Compilable | RawBuilder<unknown>

/** Tables of one's own, for reading and for writing with what is recorded. */
export interface SqlTools<Database> extends TableTools<Query> {
  /** Reads what is committed. It executes no query that changes rows: hand those to `write`. */
  readonly db: Kysely<Database>
  /** The table in a text of SQL: sql`SELECT … FROM ${table('totals')}`. */
  readonly table: (name: keyof Database & string) => RawBuilder<unknown>
}

const changing = new Set([
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
  'RawNode',
])

/** Gathers what is written. Reading a table after it was written is refused: the writes are still to come. */
export function sessionOf<Database>(owner: string, sql: SqlStore): TableSession<SqlTools<Database>> {
  const statements: Statement[] = []
  const written = new Set<string>()
  const prefix = prefixOf(owner)
  const db = databaseOf<Database>(owner, sql, (query) => requireUnwritten(query, written))
  return {
    statements,
    tools: {
      db,
      table: (name) => sqlTag.table(`${prefix}.${name}`),
      write: (query, { rows } = {}) => {
        const compiled = compile(query, db)
        statements.push({ ...statementOf(compiled), ...(rows !== undefined && { expectedRows: rows }) })
        for (const table of tablesIn(compiled) ?? []) written.add(table)
      },
    },
  }
}

function compile(query: Query, db: QueryExecutorProvider): CompiledQuery {
  const compiled = 'isRawBuilder' in query ? query.compile(db) : query.compile()
  if (!changing.has(compiled.query.kind)) {
    throw new HeadwaterError('sql.refused', 'write takes a query that changes rows', {
      details: { sql: compiled.sql },
    })
  }
  if ('returning' in compiled.query && compiled.query.returning !== undefined) {
    throw new HeadwaterError('sql.refused', 'A query that is handed over returns nothing: it is run later', {
      details: { sql: compiled.sql },
    })
  }
  return compiled
}

function requireUnwritten(query: CompiledQuery, written: ReadonlySet<string>): void {
  if (written.size === 0) return
  const tables = tablesIn(query)
  // Of a text whose tables nobody named, none can be ruled out.
  const stale = tables === undefined || tables.size === 0 ? written : tables.intersection(written)
  for (const table of stale) {
    throw new HeadwaterError(
      'sql.refused',
      `Table ${table} was written here already, and what was written can’t be read before it is committed: read first, then write`,
      { details: { sql: query.sql } },
    )
  }
}
