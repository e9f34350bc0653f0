import type { SqlStep } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database, Session } from './database.ts'
import { codeOf } from './errors.ts'
import { quoted } from './schema.ts'
import { prepared } from './sql.ts'
import { prefixOf } from './user-guard.ts'
import { failed, type UserStatements } from './user-statements.ts'

const sql = prepared('user-tables')

/** Milliseconds that a step waits for those who use a table: whoever comes behind it waits as well. */
const lockTimeLimit = 2_000
/** How often it tries again, and milliseconds in which the others have their turn. */
const attempts = 30
const pause = 500

/** Makes and drops users' tables. */
export class UserTables {
  readonly #database: Database
  readonly #statements: UserStatements

  constructor(database: Database, statements: UserStatements) {
    this.#database = database
    this.#statements = statements
  }

  /** @throws HeadwaterError `sql.refused`, `sql.failed`, `sql.step-changed` */
  async migrate(owner: string, steps: readonly SqlStep[]): Promise<void> {
    const prefix = prefixOf(owner)
    const missing = notTaken(owner, steps, await this.#taken(this.#database, owner))
    if (missing.length === 0) return
    // Before a transaction is begun: what it waits for in one, it may be in the way of.
    const texts = new Map<string, string>()
    for (const text of missing.flatMap(({ statements }) => statements))
      texts.set(text, (await this.#statements.checked(text, 'step', prefix)).text)
    await this.#alone(owner, async (session) => {
      for (const step of notTaken(owner, steps, await this.#taken(session, owner))) {
        for (const text of step.statements) await run(session, texts.get(text) ?? text)
        await session.run(sql('take-step'), [owner, step.name, checksumOf(step)])
      }
    })
  }

  /** @throws HeadwaterError `sql.refused`, `sql.failed` */
  async drop(owner: string): Promise<void> {
    const prefix = prefixOf(owner)
    await this.#alone(owner, async (session) => {
      const { rows } = await session.run<[string, string]>(sql('own'), [this.#database.userSchema, prefix])
      // All of a kind at once: what refers to a table that is gone goes as well.
      for (const kind of ['VIEW', 'MATERIALIZED VIEW', 'TABLE']) {
        const names = rows.flatMap(([one, name]) => (one === kind ? [quoted(name)] : []))
        if (names.length === 0) continue
        await run(session, `DROP ${kind} ${names.join(', ')}`)
      }
      await session.run(sql('forget-steps'), [owner])
    })
  }

  /** In one transaction that no other of this owner's runs beside; as long as it takes, but not while others wait for it. */
  async #alone(owner: string, work: (session: Session) => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#database.transaction(async (session) => {
          await session.run(sql('alone'), [`${this.#database.schema} ${owner}`])
          await session.run(sql('take-time'), [this.#database.userSchema, `${lockTimeLimit}ms`])
          await work(session)
        })
      } catch (error) {
        if (!isLocked(error) || attempt >= attempts) throw error
        await wait(pause)
      }
    }
  }

  async #taken(session: Session, owner: string): Promise<ReadonlyMap<string, string>> {
    const { rows } = await session.run<[string, string]>(sql('steps'), [owner])
    return new Map(rows)
  }
}

/** @throws HeadwaterError `sql.step-changed` */
function notTaken(
  owner: string,
  steps: readonly SqlStep[],
  taken: ReadonlyMap<string, string>,
): readonly SqlStep[] {
  const checksums = new Map(taken)
  return steps.filter((step) => {
    const checksum = checksumOf(step)
    const before = checksums.get(step.name)
    if (before !== undefined && before !== checksum) throw changed(owner, step)
    checksums.set(step.name, checksum)
    return before === undefined
  })
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

async function run(session: Session, text: string): Promise<void> {
  try {
    await session.run({ text })
  } catch (error) {
    throw codeOf(error) === lockNotAvailable ? error : failed(error, { sql: text })
  }
}

const lockNotAvailable = '55P03'

/** Under whichever code it comes. */
function isLocked(error: unknown): boolean {
  return (
    codeOf(error) === lockNotAvailable || (error instanceof Error && codeOf(error.cause) === lockNotAvailable)
  )
}
