import type { Statement as UserStatement } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { sqliteCode } from '../errors.ts'
import { failed, UserStatements, type Prepared } from '../user-statements.ts'

/** Why a user's statement stopped what it travelled with. */
export interface StatementConflict {
  readonly index: number
  readonly message: string
}

/** Runs users' statements in the transaction that is open. */
export class UserSqlWriter {
  readonly #database: Database
  readonly #statements: UserStatements
  readonly #begin: Statement
  readonly #release: Statement
  readonly #undo: Statement

  constructor(database: Database) {
    this.#database = database
    this.#statements = new UserStatements(database, 'write')
    this.#begin = database.prepare('SAVEPOINT statements')
    this.#release = database.prepare('RELEASE statements')
    this.#undo = database.prepare('ROLLBACK TO statements')
  }

  /** Undoes what the work has written if it gives a refusal or throws. */
  atOnce<Refusal>(work: () => Refusal | undefined): Refusal | undefined {
    this.#begin.run()
    let done = false
    try {
      const refusal = work()
      done = refusal === undefined
      return refusal
    } finally {
      // Where an error has ended the transaction, there is no savepoint left.
      if (this.#database.inTransaction) {
        if (!done) this.#undo.run()
        this.#release.run()
      }
    }
  }

  /**
   * One after the other; the first that met other rows than expected ends it.
   *
   * @throws HeadwaterError `sql.refused`, `sql.failed`
   */
  run(statements: readonly UserStatement[]): StatementConflict | undefined {
    for (const [index, statement] of statements.entries()) {
      const message = this.#runOne(this.#statements.get(statement), statement)
      if (message !== undefined) return { index, message }
    }
    return undefined
  }

  forget(): void {
    this.#statements.forget()
  }

  #runOne(prepared: Prepared, statement: UserStatement): string | undefined {
    const { parameters, expectedRows } = statement
    try {
      const { changes } = prepared.run(...parameters)
      if (expectedRows === undefined || changes === expectedRows) return undefined
      return `A statement changed ${changes} rows, not ${expectedRows}`
    } catch (error) {
      // Who inserts a key that was free when it was looked up has lost a race; other constraints break for good.
      const code = sqliteCode(error)
      if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY' || code === 'SQLITE_CONSTRAINT_UNIQUE') {
        return error instanceof Error ? error.message : code
      }
      throw failed(error, statement)
    }
  }
}
