import type { AppendedTogether, AppendRequest, AppendResult } from '@headwater/core'
import { HeadwaterError, isHeadwaterError } from '@headwater/core/errors'
import { togetherOf } from '@headwater/core/port'
import type { Database, Session, Statement } from '../database.ts'
import { codeOf, translated } from '../errors.ts'
import type { History } from '../history.ts'
import { statementsOf } from '../sql.ts'
import type { UserStatements } from '../user-statements.ts'
import { hasStatements, isAlone, wavesOf } from './cut.ts'
import { writeDocuments } from './documents.ts'
import { faultOf } from './fault.ts'
import { Revisions } from './revisions.ts'
import { TypeRanges } from './type-ranges.ts'
import { countEvents, resultsOf, valuesOf, type Wave, type WaveAnswer } from './wave.ts'

const append: Statement = { name: 'append', text: statementsOf('append')('append') }
const head: Statement = { name: 'head', text: statementsOf('append')('head') }
const findCommand: Statement = { name: 'is-handled', text: statementsOf('append')('is-handled') }
const begin: Statement = { text: 'SAVEPOINT wave' }
const release: Statement = { text: 'RELEASE wave' }
const undo: Statement = { text: 'ROLLBACK TO wave' }

/** After a guess that was wrong, so many waves are looked up in full. */
const carefulWaves = 8

/** Undoes the transaction of requests that belong together. */
class NotTogether extends Error {
  override readonly name = 'NotTogether'
  readonly together: AppendedTogether

  constructor(together: AppendedTogether) {
    super('A request was refused')
    this.together = together
  }
}

class AnotherHistory extends Error {
  override readonly name = 'AnotherHistory'
}

/** Records requests: those that don't depend on one another in one round trip, others in one transaction. */
export class Appender {
  readonly #database: Database
  /** Each statement in a transaction of its own. */
  readonly #writing: Session
  readonly #history: History
  readonly #statements: UserStatements
  readonly #revisions = new Revisions()
  readonly #ranges = new TypeRanges()
  #careful = 0

  constructor(database: Database, history: History, statements: UserStatements) {
    this.#database = database
    this.#writing = { run: (statement, values) => database.write(statement, values) }
    this.#statements = statements
    this.#history = history
    history.onChange(() => {
      this.#revisions.forget()
      this.#ranges.forget()
    })
  }

  /** @throws HeadwaterError `log.closed`, `log.unavailable`, `log.outcome-unknown`, `log.diverged` */
  async append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    this.#history.requireWhole()
    const faults = await Promise.all(requests.map((request) => this.#faultOf(request)))
    const sound = requests.filter((_, index) => faults[index] === undefined)
    const recorded = (await this.#record(sound)).values()
    return requests.map((_, index): AppendResult => {
      const error = faults[index]
      const result = error === undefined ? recorded.next().value : { status: 'failed' as const, error }
      if (result === undefined) throw new Error('There are fewer results than requests')
      return result
    })
  }

  /** All or none of them. @throws as `append`, and the error of a request that is at fault itself */
  async appendTogether(requests: readonly AppendRequest[]): Promise<AppendedTogether> {
    this.#history.requireWhole()
    for (const request of requests) {
      const fault = await this.#faultOf(request)
      if (fault !== undefined) throw fault
    }
    try {
      return await this.#certainly(requests, async () =>
        togetherOf(await this.#inOneTransaction(wavesOf(requests), requireAppended)),
      )
    } catch (error) {
      if (error instanceof NotTogether) return error.together
      throw error
    }
  }

  /** Before a lock is taken: what is looked at of users' statements is remembered. */
  async #faultOf(request: AppendRequest): Promise<Error | undefined> {
    const fault = faultOf(request)
    if (fault !== undefined || !hasStatements(request)) return fault
    try {
      await this.#statements.changes(request.statements)
      return undefined
    } catch (error) {
      if (faultIn(error, this.#database.name) === undefined) throw error
      return error as Error
    }
  }

  async #record(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const waves = wavesOf(requests)
    const [wave, another] = waves
    if (wave === undefined) return []
    const isSimple = another === undefined && !wave.requests.some(isAlone)
    return this.#certainly(requests, () =>
      isSimple ? this.#appendAlone(wave) : this.#inOneTransaction(waves),
    )
  }

  /** Again where the history is another one, and where a connection was lost in the commit and nothing came of it. */
  async #certainly<Result>(requests: readonly AppendRequest[], work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work()
      } catch (error) {
        if (error instanceof AnotherHistory) await this.#history.renew()
        else if (!isHeadwaterError(error, 'log.outcome-unknown')) throw error
        else if (await this.#mayHaveHappened(error, requests)) throw error
      }
    }
  }

  /**
   * Whether requests may be recorded whose commit was cut off. They are in one transaction: where one of them is not, none
   * is, and what was under way has been ended.
   */
  async #mayHaveHappened(error: HeadwaterError, requests: readonly AppendRequest[]): Promise<boolean> {
    const known = requests.find(({ command }) => command !== null)
    if (known === undefined) return true
    try {
      if (!(await this.#database.end(error.details?.['process']))) return true
      const { rows } = await this.#database.run(findCommand, [known.branch, known.tenant, known.commandId])
      return rows.length > 0
    } catch {
      return true
    }
  }

  /** In one round trip. */
  async #appendAlone(wave: Wave): Promise<readonly AppendResult[]> {
    try {
      return this.#remember(wave, await this.#run(this.#writing, wave))
    } catch (error) {
      // The transaction finds out whose fault it is.
      if (faultIn(error, this.#database.name) !== undefined) return this.#inOneTransaction([wave])
      throw error
    }
  }

  /** @param check what throws where the results are not to stand */
  async #inOneTransaction(
    waves: readonly Wave[],
    check: (results: readonly AppendResult[]) => void = () => undefined,
  ): Promise<readonly AppendResult[]> {
    const recorded = await this.#database.transaction(async (session) => {
      const results: (readonly AppendResult[])[] = []
      for (const wave of waves) results.push(await this.#attempt(session, wave))
      check(results.flat())
      return results
    })
    return waves.flatMap((wave, index) => this.#remember(wave, recorded[index] ?? []))
  }

  async #attempt(session: Session, wave: Wave): Promise<readonly AppendResult[]> {
    await session.run(begin)
    try {
      const results = await this.#run(session, wave)
      const [request] = wave.requests
      const refusal =
        request !== undefined && isAlone(request) ? await this.#finish(session, request, results) : undefined
      await session.run(refusal === undefined ? release : undo)
      return refusal === undefined ? results : [refusal]
    } catch (error) {
      const fault = faultIn(error, this.#database.name)
      if (fault === undefined) throw error
      await session.run(undo)
      if (wave.requests.length === 1) return [{ status: 'failed', error: fault }]
    }
    const results: AppendResult[] = []
    for (const request of wave.requests)
      results.push(...(await this.#attempt(session, { ...wave, requests: [request] })))
    return results
  }

  async #run(session: Session, wave: Wave): Promise<readonly AppendResult[]> {
    const { values, isTrusting, mayConflict } = valuesOf(wave, this.#revisions)
    const isCareful = this.#careful > 0
    const { rows } = await session.run<WaveAnswer>(append, [
      wave.branch,
      this.#history.epoch,
      ...values,
      isTrusting,
      mayConflict,
      this.#ranges.known(wave),
      isCareful,
    ])
    const [answer] = rows
    if (answer === undefined || !answer[0]) throw new AnotherHistory()
    if (answer[1] && !isCareful) this.#careful = carefulWaves
    else if (isCareful) this.#careful -= 1
    return resultsOf(wave, answer)
  }

  /** Writes what travels with a request that was recorded. Why it can't be; undefined: it is. */
  async #finish(
    session: Session,
    request: AppendRequest,
    [result]: readonly AppendResult[],
  ): Promise<AppendResult | undefined> {
    if (result?.status !== 'appended') return undefined
    const position =
      result.position === undefined
        ? await headOf(session, request.branch)
        : result.position + countEvents(request) - 1
    const conflict = await writeDocuments(session, request, position)
    if (conflict !== undefined || !hasStatements(request)) return conflict
    const refusal = await (await this.#statements.changes(request.statements)).run(session)
    return refusal && { status: 'statement-conflict', ...refusal }
  }

  #remember({ branch, requests }: Wave, results: readonly AppendResult[]): readonly AppendResult[] {
    requests.forEach((request, index) => {
      const result = results[index]
      if (result?.status !== 'appended' || result.position === undefined) return
      this.#history.see(branch, result.position + countEvents(request) - 1)
      this.#ranges.remember(request, result.position)
      request.streams.forEach(({ stream, events }, at) => {
        const revision = result.revisions[at] ?? 0
        // A stream that is new will rarely be asked for again soon.
        if (events.length > 0 && revision > events.length) this.#revisions.remember(request, stream, revision)
      })
    })
    return results
  }
}

function requireAppended(results: readonly AppendResult[]): void {
  const together = togetherOf(results)
  if (together.status === 'refused') throw new NotTogether(together)
}

async function headOf(session: Session, branch: number): Promise<number> {
  const { rows } = await session.run<[number]>(head, [branch])
  return rows[0]?.[0] ?? 0
}

/** The request's own fault: a value, a constraint or a limit of the database refuses it, or what travels with it does. */
function faultIn(error: unknown, name: string): Error | undefined {
  const known = translated(error, name)
  if (known instanceof HeadwaterError) return known.code.startsWith('log.') ? undefined : known
  return known instanceof Error && /^(?:22|23|54)/.test(codeOf(known) ?? '') ? known : undefined
}
