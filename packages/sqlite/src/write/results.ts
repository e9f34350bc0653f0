import type { ProcessingResult } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('results')

/** What processing made of events, in the transaction that is open. */
export class ResultWriter {
  readonly #save: Statement
  readonly #forget: Statement

  constructor(database: Database) {
    this.#save = database.prepare(sql('save'))
    this.#forget = database.prepare(sql('forget'))
  }

  save(given: ProcessingResult): void {
    const { branch, position, processor, tenant, sequence, status, attempts } = given
    const { result, error, owner, at, actor, why, job } = given
    const about = [branch, position, processor, tenant, sequence]
    this.#save.run(...about, status, attempts, result, error, owner, at, actor, why, job)
  }

  forget(processor: string, branch: number): void {
    this.#forget.run(processor, branch)
  }
}
