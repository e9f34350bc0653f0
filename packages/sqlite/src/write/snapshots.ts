import type { SnapshotRow, SnapshotsToDrop } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('snapshots')

/** The snapshots of streams, in the transaction that is open. */
export class SnapshotWriter {
  readonly #save: Statement
  readonly #dropStream: Statement
  readonly #dropPrefix: Statement

  constructor(database: Database) {
    this.#save = database.prepare(sql('save'))
    this.#dropStream = database.prepare(sql('drop-stream'))
    this.#dropPrefix = database.prepare(sql('drop-prefix'))
  }

  save(rows: readonly SnapshotRow[]): void {
    for (const { branch, tenant, stream, revision, hash, epoch, eventId, takenAt, state } of rows) {
      this.#save.run(branch, tenant, stream, revision, hash, epoch, eventId, takenAt, state)
    }
  }

  drop({ branch, tenant, stream, prefix }: SnapshotsToDrop): number {
    const scope = { branch, tenant: tenant ?? null }
    const { changes } =
      stream === undefined
        ? this.#dropPrefix.run({ ...scope, prefix: prefix ?? '' })
        : this.#dropStream.run({ ...scope, stream })
    return changes
  }
}
