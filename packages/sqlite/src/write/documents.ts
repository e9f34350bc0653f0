import type { DocumentWrite } from '@headwater/core'
import { firstChosenVersion } from '@headwater/core/port'
import type { Database, Statement } from '../database.ts'
import type { CollectionWriter } from './collections.ts'

/** Writes documents in the transaction that is open, if they are at the version that was read. */
export class DocumentWriter {
  readonly #database: Database
  readonly #collections: CollectionWriter
  readonly #begin: Statement
  readonly #release: Statement
  readonly #undo: Statement

  constructor(database: Database, collections: CollectionWriter) {
    this.#database = database
    this.#collections = collections
    this.#begin = database.prepare('SAVEPOINT documents')
    this.#release = database.prepare('RELEASE documents')
    this.#undo = database.prepare('ROLLBACK TO documents')
  }

  /** All or, where one is at another version, none; that one is returned. */
  writeAll(writes: readonly DocumentWrite[], position: number): DocumentWrite | undefined {
    if (writes.length === 0) return undefined
    this.#begin.run()
    let conflict: DocumentWrite | undefined
    let done = false
    try {
      conflict = writes.find((write) => !this.#write(write, write.position ?? position))
      done = conflict === undefined
    } finally {
      // Where an error has ended the transaction, there is no savepoint left.
      if (this.#database.inTransaction) {
        if (!done) this.#undo.run()
        this.#release.run()
      }
    }
    return conflict
  }

  /** Whether the document was at the expected version. */
  #write(
    { collection, branch, tenant, key, document, expectedVersion, version: chosen }: DocumentWrite,
    position: number,
  ): boolean {
    const table = this.#collections.tableOf(collection)
    if (document !== null) {
      if (expectedVersion === undefined)
        table.put.run(branch, tenant, key, document, position, chosen ?? null, chosen ?? null)
      else if (expectedVersion === 0)
        return table.insert.run(branch, tenant, key, document, position, chosen ?? null).changes === 1
      else
        return (
          table.update.run(document, position, chosen ?? null, branch, tenant, key, expectedVersion)
            .changes === 1
        )
      return true
    }
    const version: number = table.version.get(branch, tenant, key) ?? 0
    if (expectedVersion !== undefined && version !== expectedVersion) return false
    if (version === 0) return true
    table.delete.run(branch, tenant, key)
    if (version < firstChosenVersion) this.#collections.retire(version)
    return true
  }
}
