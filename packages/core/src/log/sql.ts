/** A value that every database takes and gives as it is. */
export type SqlValue = string | number | bigint | null | Uint8Array

/**
 * One statement of a user's, made before it is handed over: it runs in the transaction of what it travels with, and no
 * code of theirs runs under the write lock. It touches tables that `userTable` named, and controls no transaction.
 */
export interface Statement {
  readonly sql: string
  /** One for each placeholder, in their order. */
  readonly parameters: readonly SqlValue[]
  /** How many rows it has to change; any other number undoes all that it travels with. Undefined: any number will do. */
  readonly expectedRows?: number
}

export type SqlRow = Readonly<Record<string, SqlValue>>

/** A change of a user's tables that is made once. */
export interface SqlStep {
  /** Unique among the steps of its owner, and never given another meaning: what was made goes by it. */
  readonly name: string
  /** CREATE, ALTER and DROP for tables, indexes, triggers and views, and statements that change rows; one each. */
  readonly statements: readonly string[]
}

/**
 * The tables that users keep beside the log, in the same database. They are written by `AppendRequest.statements` and
 * `ProgressCommit.statements` only.
 */
export interface SqlStore {
  readonly dialect: 'sqlite' | 'postgres'
  /**
   * Reads what is committed.
   *
   * @throws HeadwaterError `sql.refused`, `sql.failed`, and `sql.too-many-rows` above `mostRows`
   */
  query(statement: Statement): Promise<readonly SqlRow[]>
  /**
   * Takes those steps that were not taken yet, in their order, all or none. Several processes may do so at once. Steps
   * that were taken and are not named, those of a newer version of the code, are left alone.
   *
   * @param owner whose tables they are: they may touch no others
   * @throws HeadwaterError `sql.refused`, `sql.failed`, and `sql.step-changed` where one that was taken reads otherwise now
   */
  migrate(owner: string, steps: readonly SqlStep[]): Promise<void>
  /** Drops all tables of an owner and forgets the steps. */
  drop(owner: string): Promise<void>
}

/** Rows that one query gives at most: a result is in memory as a whole. */
export const mostRows = 10_000

const names = /^[A-Za-z][A-Za-z0-9]*(?:[_-][A-Za-z0-9]+)*(?:@[A-Za-z0-9]+)?$/
/** Headwater's own: the documents of views have tables that begin so. */
const reserved = /^(?:collection|sqlite|headwater|pg)(?:_|$)/i
/** What PostgreSQL cuts off names beyond. */
const longestName = 63

/**
 * What a user's table, index or trigger is called in the database: `orders-db` and `lines` make `orders_db__lines`, and of
 * version 2 of the view `sales` the table `totals` is `sales__2__totals`. No table of Headwater's own has a double
 * underscore, now or in versions to come.
 *
 * @param owner a name, of a view with its version: `sales@2`
 * @returns undefined: one of them is no name, or they are too long together
 */
export function userTable(owner: string, table: string): string | undefined {
  const prefix = tablePrefix(owner)
  const name = `${prefix}${table}`
  const isName = /^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*$/.test(table)
  return prefix === undefined || !isName || name.length > longestName ? undefined : name
}

/** What the names of all tables of an owner begin with; undefined: that is no name, or it is reserved. */
export function tablePrefix(owner: string): string | undefined {
  if (!names.test(owner) || reserved.test(owner.replaceAll('-', '_'))) return undefined
  return `${owner.replaceAll('-', '_').replace('@', '__')}__`
}

/** Whether a table in the database is a user's: all others are Headwater's or the database's own. */
export function isUserTable(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*__[A-Za-z0-9]/.test(name) && !reserved.test(name)
}

/** Characters and bytes: a bound, not a measurement. */
export function sizeOfStatements(statements: readonly Statement[]): number {
  let size = 0
  for (const { sql, parameters } of statements) {
    size += sql.length
    for (const value of parameters) {
      size += typeof value === 'string' || value instanceof Uint8Array ? value.length : 8
    }
  }
  return size
}
