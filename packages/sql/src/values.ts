import type { SqlRow, SqlValue, Statement } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { CompiledQuery } from 'kysely'

/** A query as the store takes it. @throws HeadwaterError `sql.refused` for a value that no database keeps as it is */
export function statementOf({ sql, parameters }: Pick<CompiledQuery, 'sql' | 'parameters'>): Statement {
  return { sql, parameters: parameters.map(valueOf) }
}

function valueOf(value: unknown): SqlValue {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1 : 0
    default:
      if (value === null || value instanceof Uint8Array) return value
      throw new HeadwaterError('sql.refused', `A value of a query is ${describe(value)}`)
  }
}

function describe(value: unknown): string {
  if (value instanceof Date) return 'a date: give its ISO text (toISOString) or its milliseconds (getTime)'
  if (value === undefined) return 'undefined: leave the column out, or give null'
  if (typeof value === 'object') return 'an object: give its JSON text'
  return `a ${typeof value}`
}

/** What the caller's interface of the tables says they are; a database knows no more of them than its columns do. */
export function rowsAs<Row>(rows: readonly SqlRow[]): Row[] {
  return rows as readonly unknown[] as Row[]
}
