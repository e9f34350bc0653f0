import { createHash } from 'node:crypto'
import { tablePrefix, type SqlStep } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import { refused } from '../user-guard.ts'
import { failed, UserStatements } from '../user-statements.ts'

const sql = statementsOf('user-tables')

interface Own {
  readonly type: 'table' | 'view'
  readonly name: string
}

/** Makes and drops users' tables in the transaction that is open. */
export class UserTableWriter {
  readonly #database: Database
  readonly #statements: UserStatements
  readonly #steps: Statement<[string], [string, string]>
  readonly #takeStep: Statement
  readonly #forgetSteps: Statement
  readonly #others: Statement<[{ prefix: string }]>
  readonly #own: Statement<[{ prefix: string }], Own>

  constructor(database: Database) {
    this.#database = database
    this.#statements = new UserStatements(database, 'step')
    this.#steps = database.prepare<[string], [string, string]>(sql('steps')).raw()
    this.#takeStep = database.prepare(sql('take-step'))
    this.#forgetSteps = database.prepare(sql('forget-steps'))
    this.#others = database.prepare<[{ prefix: string }]>(sql('others')).raw()
    this.#own = database.prepare<[{ prefix: string }], Own>(sql('own'))
  }

  /** @throws HeadwaterError `sql.refused`, `sql.failed`, `sql.step-changed` */
  migrate(owner: string, steps: readonly SqlStep[]): void {
    const prefix = prefixOf(owner)
    const taken = new Map(this.#steps.all(owner))
    for (const step of steps) {
      const checksum = checksumOf(step)
      const before = taken.get(step.name)
      if (before !== undefined && before !== checksum) throw changed(owner, step)
      if (before !== undefined) continue
      this.#take(prefix, step)
      this.#takeStep.run(owner, step.name, checksum)
      taken.set(step.name, checksum)
    }
  }

  drop(owner: string): void {
    const own = this.#own.all({ prefix: prefixOf(owner) })
    // In whichever order: what refers to a table that is gone goes as well.
    this.#database.pragma('defer_foreign_keys = ON')
    for (const { type, name } of own) this.#database.exec(`DROP ${type} IF EXISTS "${name}"`)
    this.#database.pragma('defer_foreign_keys = OFF')
    this.#forgetSteps.run(owner)
  }

  forget(): void {
    this.#statements.forget()
  }

  #take(prefix: string, { statements }: SqlStep): void {
    for (const text of statements) {
      const statement = { sql: text, parameters: [] }
      const before = this.#allOthers(prefix)
      try {
        this.#statements.get(statement).run()
      } catch (error) {
        throw failed(error, statement)
      }
      if (this.#allOthers(prefix) !== before) {
        throw refused(text, `it makes or changes what is not named ${prefix}…`)
      }
      // It would fail at the commit, and with it all that others do in the transaction.
      if (/\bINITIALLY\s+DEFERRED\b/i.test(text))
        throw refused(text, 'constraints are checked at once, not deferred')
    }
  }

  #allOthers(prefix: string): string {
    return JSON.stringify(this.#others.all({ prefix }))
  }
}

function prefixOf(owner: string): string {
  const prefix = tablePrefix(owner)?.toLowerCase()
  if (prefix === undefined)
    throw new HeadwaterError('sql.refused', `${JSON.stringify(owner)} can't have tables: choose another name`)
  return prefix
}

/** White space means nothing. */
function checksumOf({ statements }: SqlStep): string {
  const text = statements.map((statement) => statement.trim().replaceAll(/\s+/g, ' '))
  return createHash('sha256').update(JSON.stringify(text)).digest('hex')
}

function changed(owner: string, { name }: SqlStep): HeadwaterError {
  return new HeadwaterError('sql.step-changed', `Step ${name} of ${owner} was taken with other statements`, {
    details: { owner, step: name },
  })
}
