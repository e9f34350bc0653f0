import type { ProgressCommit } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import type { DocumentWriter } from './documents.ts'

const sql = statementsOf('progress')

/** What a processor has done, in the transaction that is open. */
export class ProgressWriter {
  readonly #documents: DocumentWriter
  readonly #held: Statement
  readonly #saveCheckpoint: Statement
  readonly #park: Statement
  readonly #unpark: Statement
  readonly #resetCheckpoint: Statement
  readonly #resetParked: Statement

  constructor(database: Database, documents: DocumentWriter) {
    this.#documents = documents
    this.#held = database.prepare(statementsOf('leases')('held'))
    this.#saveCheckpoint = database.prepare(sql('save-checkpoint'))
    this.#park = database.prepare(sql('park'))
    this.#unpark = database.prepare(sql('unpark'))
    this.#resetCheckpoint = database.prepare(sql('reset-checkpoint'))
    this.#resetParked = database.prepare(sql('reset-parked'))
  }

  /** @throws HeadwaterError `processor.fenced`, `log.document-conflict` */
  commit({ processor, branch, lease, checkpoint, documents, park, unpark }: ProgressCommit): void {
    if (this.#held.get(lease.name, lease.owner, lease.token) === undefined) {
      throw new HeadwaterError(
        'processor.fenced',
        `${lease.owner} does not hold the lease ${lease.name} any more`,
      )
    }
    const conflict = this.#documents.writeAll(documents, checkpoint?.position ?? 0)
    if (conflict !== undefined) {
      const { collection, key } = conflict
      throw new HeadwaterError(
        'log.document-conflict',
        `Document ${key} of ${collection} is at another version`,
      )
    }
    for (const { tenant, sequence, position } of unpark)
      this.#unpark.run(processor, branch, tenant, sequence, position)
    for (const { tenant, sequence, position, attempts, error, parkedAt } of park) {
      this.#park.run(processor, branch, tenant, sequence, position, attempts, error, parkedAt)
    }
    if (checkpoint !== undefined) {
      this.#saveCheckpoint.run(processor, branch, checkpoint.epoch, checkpoint.position, checkpoint.eventId)
    }
  }

  reset(processor: string, branch: number): void {
    this.#resetCheckpoint.run(processor, branch)
    this.#resetParked.run(processor, branch)
  }
}
