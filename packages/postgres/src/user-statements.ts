import type { Statement as UserStatement } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Answer, Columns, Database, Session, Statement } from './database.ts'
import { codeOf, isConflict, isUnavailable } from './errors.ts'
import { harmlessFunctions } from './user-functions.ts'
import { type GuardedBy, objectionTo, type Permission, refused } from './user-guard.ts'
import { loadParser, type Parsed, parsed } from './user-parser.ts'

/** A program's own statements have a handful of forms; one that writes values into their text has no end of them. */
const most = 200

/** Why a user's statement stopped what it travelled with. */
export interface StatementConflict {
  readonly index: number
  readonly message: string
}

/** Users' statements that may run. */
export interface Changes {
  /**
   * In the transaction that is open, one after the other and in one round trip. A conflict is the first that met other rows
   * than expected; then, and where it throws, the transaction is to be undone.
   *
   * @throws HeadwaterError `sql.failed`, and the database's errors after which all of it can be tried again
   */
  run(session: Session): Promise<StatementConflict | undefined>
}

/** Users' statements that were looked at: each text once. */
export class UserStatements {
  readonly #database: Database
  readonly #checked = new Map<string, Statement>()
  #functions: Promise<ReadonlySet<string>> | undefined
  #named = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** @throws HeadwaterError `sql.refused`, `sql.failed` */
  async checked(sql: string, permission: Permission, prefix?: string): Promise<Parsed> {
    const parser = await loadParser()
    const found = parsed(parser, sql)
    const guarded: GuardedBy = {
      permission,
      functions: await this.#allFunctions(),
      ...(prefix !== undefined && { prefix }),
    }
    const objection = objectionTo(found.statement, guarded)
    if (objection !== undefined) throw refused(sql, objection)
    return found
  }

  /** One that is run again and again: every connection prepares it once. @throws HeadwaterError `sql.refused`, `sql.failed` */
  async statement(
    sql: string,
    permission: 'read' | 'write',
    make: (text: string) => string,
  ): Promise<Statement> {
    const key = `${permission} ${sql}`
    const known = this.#checked.get(key)
    if (known !== undefined) return known
    const { text } = await this.checked(sql, permission)
    // Connections forget none: beyond so many they are planned each time.
    const isNamed = this.#named < most
    const statement = { ...(isNamed && { name: `user.${(this.#named += 1)}` }), text: make(text) }
    if (this.#checked.size >= most) this.#checked.clear()
    this.#checked.set(key, statement)
    return statement
  }

  /** The tables are others than when it was prepared: it is prepared anew, under another name. */
  forget(sql: string, permission: 'read' | 'write'): void {
    this.#checked.delete(`${permission} ${sql}`)
  }

  /** Looks at statements that change rows, before a transaction is begun for them. @throws HeadwaterError `sql.refused`, `sql.failed` */
  async changes(given: readonly UserStatement[]): Promise<Changes> {
    const statements: Statement[] = []
    for (const { sql } of given) statements.push(await this.statement(sql, 'write', asItIs))
    return { run: (session) => this.#run(session, given, statements) }
  }

  async #run(
    session: Session,
    given: readonly UserStatement[],
    statements: readonly Statement[],
  ): Promise<StatementConflict | undefined> {
    const answers = await Promise.allSettled(
      statements.map((statement, index) => session.run(statement, given[index]?.parameters ?? [])),
    )
    for (const [index, statement] of given.entries()) {
      const message = this.#complaint(statement, answers[index])
      if (message !== undefined) return { index, message }
    }
    return undefined
  }

  #complaint(
    statement: UserStatement,
    answer: PromiseSettledResult<Answer<Columns>> | undefined,
  ): string | undefined {
    if (answer === undefined) return undefined
    if (answer.status === 'fulfilled') {
      const { count } = answer.value
      const { expectedRows } = statement
      if (expectedRows === undefined || count === expectedRows) return undefined
      return `A statement changed ${count} rows, not ${expectedRows}`
    }
    const { reason } = answer
    // Who inserts a key that was free when it was looked up has lost a race; other constraints break for good.
    if (codeOf(reason) === uniqueViolation) return reason instanceof Error ? reason.message : uniqueViolation
    if (isOutdated(reason)) this.forget(statement.sql, 'write')
    throw failed(reason, statement)
  }

  #allFunctions(): Promise<ReadonlySet<string>> {
    return (this.#functions ??= harmlessFunctions(this.#database).catch((error: unknown) => {
      this.#functions = undefined
      throw error
    }))
  }
}

const uniqueViolation = '23505'

/** "cached plan must not change result type": its tables were changed since. */
export function isOutdated(error: unknown): boolean {
  return codeOf(error) === '0A000' && error instanceof Error && error.message.startsWith('cached plan')
}

/** The database's own words, unless it is not the statement that is at fault. */
export function failed(error: unknown, { sql }: Pick<UserStatement, 'sql'>): unknown {
  const tookTooLong = codeOf(error) === '57014'
  if (error instanceof HeadwaterError || isConflict(error)) return error
  if (!tookTooLong && isUnavailable(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  return new HeadwaterError('sql.failed', `The statement failed: ${message}`, {
    cause: error,
    details: { sql: sql.slice(0, 1_000) },
  })
}

function asItIs(text: string): string {
  return text
}
