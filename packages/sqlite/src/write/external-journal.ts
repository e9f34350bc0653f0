import type { CallIntent, CallSettlement, CallsToPrune, JournaledCall } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { type CallColumns, findCall, journaledCall, keyValues } from '../external-journal.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('external-journal')

/** The calls to the outside, in the transaction that is open. */
export class ExternalJournalWriter {
  readonly #intend: Statement
  readonly #settle: Statement
  readonly #keep: Statement
  readonly #prune: Statement
  readonly #pruneBranch: Statement
  readonly #find: Statement<unknown[], CallColumns>

  constructor(database: Database) {
    this.#intend = database.prepare(sql('intend'))
    this.#settle = database.prepare(sql('settle'))
    this.#keep = database.prepare(sql('keep'))
    this.#prune = database.prepare(sql('prune'))
    this.#pruneBranch = database.prepare(sql('prune-branch'))
    this.#find = findCall(database)
  }

  intend(call: CallIntent): JournaledCall {
    this.#intend.run(...keyValues(call), call.request, Date.now())
    return this.#found(call)
  }

  settle(call: CallIntent, { status, answer, error, attempts }: CallSettlement): JournaledCall {
    const { sequence } = this.intend(call)
    this.#settle.run(status, answer, error, attempts, Date.now(), sequence)
    return this.#found(call)
  }

  keep(calls: readonly JournaledCall[]): number {
    let kept = 0
    for (const call of calls) {
      const { request, status, answer, error, attempts, intendedAt, settledAt } = call
      const came = [request, status, answer, error, attempts, intendedAt, settledAt]
      kept += this.#keep.run(...keyValues(call), ...came).changes
    }
    return kept
  }

  prune({ branch, external, before, limit }: CallsToPrune): number {
    const { changes } =
      external === undefined
        ? this.#pruneBranch.run(branch, limit, before)
        : this.#prune.run(branch, external, limit, before)
    return changes
  }

  #found(call: CallIntent): JournaledCall {
    const columns = this.#find.get(...keyValues(call))
    if (columns === undefined) throw new Error('A call was journaled, and is not there')
    return journaledCall(columns)
  }
}
