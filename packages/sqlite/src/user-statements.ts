import type { SqlValue, Statement as UserStatement } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database, Statement } from './database.ts'
import { asError, isBusy, isUnavailable } from './errors.ts'
import { UserGuard, type Permission } from './user-guard.ts'

/** A program's own statements have a handful of forms; one that writes values into their text has no end of them. */
const most = 200

export type Prepared = Statement<SqlValue[], Record<string, SqlValue>>

/** Users' statements that one connection has looked at and prepared, as long as no table is made or dropped by anyone. */
export class UserStatements {
  readonly #database: Database
  readonly #permission: Permission
  readonly #guard: UserGuard
  readonly #schemaVersion: Statement<[], number>
  readonly #prepared = new Map<string, Prepared>()
  #version: number | undefined

  constructor(database: Database, permission: Permission) {
    this.#database = database
    this.#permission = permission
    this.#guard = new UserGuard(database)
    this.#schemaVersion = database.prepare<[], number>('PRAGMA schema_version').pluck()
  }

  /** @throws HeadwaterError `sql.refused`, `sql.failed` */
  get(statement: UserStatement): Prepared {
    const version = this.#schemaVersion.get()
    if (version !== this.#version) this.#refresh(version)
    const known = this.#prepared.get(statement.sql)
    if (known !== undefined) return known
    try {
      this.#guard.check(statement, this.#permission)
      const prepared: Prepared = this.#database.prepare(statement.sql)
      if (this.#prepared.size >= most) this.#prepared.clear()
      this.#prepared.set(statement.sql, prepared)
      return prepared
    } catch (error) {
      throw failed(error, statement)
    }
  }

  /** A transaction that changed tables was undone: its version of the schema will be another's. */
  forget(): void {
    this.#version = undefined
  }

  #refresh(version: number | undefined): void {
    this.#prepared.clear()
    this.#guard.refresh()
    this.#version = version
  }
}

/** The database's own words, unless it is not the statement that is at fault. */
export function failed(error: unknown, { sql }: Pick<UserStatement, 'sql'>): unknown {
  if (error instanceof HeadwaterError || isBusy(error) || isUnavailable(error)) return error
  return new HeadwaterError('sql.failed', `The statement failed: ${asError(error).message}`, {
    cause: error,
    details: { sql: sql.slice(0, 1_000) },
  })
}
