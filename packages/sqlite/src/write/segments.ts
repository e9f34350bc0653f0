import type { SealedSegment } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

/** What is sealed of the log, in the transaction that is open. */
export class SegmentWriter {
  readonly #seal: Statement

  constructor(database: Database) {
    this.#seal = database.prepare(statementsOf('segments')('seal'))
  }

  /** @returns false: there is one of this number */
  seal({ number, first, last, hash, sealedAt }: SealedSegment): boolean {
    return this.#seal.run(number, first, last, hash, sealedAt).changes === 1
  }
}
