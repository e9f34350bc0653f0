import type { DocumentWrite } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import type { CollectionTable, CollectionWriter } from './collections.ts'
import type { VersionCounter } from './versions.ts'

/** Writes documents in the transaction that is open, if they are at the version that was read. */
export class DocumentWriter {
  readonly #database: Database
  readonly #collections: CollectionWriter
  readonly #versions: VersionCounter
  readonly #begin: Statement
  readonly #release: Statement
  readonly #undo: Statement

  constructor(database: Database, collections: CollectionWriter, versions: VersionCounter) {
    this.#database = database
    this.#collections = collections
    this.#versions = versions
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
      let table: CollectionTable | undefined
      let collection: string | undefined
      conflict = writes.find((write) => {
        // Looked up once for many documents of one collection: nothing else makes or drops a table meanwhile.
        if (table === undefined || write.collection !== collection)
          table = this.#collections.tableOf(write.collection)
        collection = write.collection
        return !this.#write(table, write, position)
      })
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
  #write(table: CollectionTable, write: DocumentWrite, shown: number): boolean {
    if (!this.#writeRow(table, write, shown)) return false
    table.words?.write(write)
    return true
  }

  #writeRow(table: CollectionTable, write: DocumentWrite, shown: number): boolean {
    const { branch, tenant, key, document, expectedVersion } = write
    if (document === null) {
      if (expectedVersion === undefined) table.delete.run(branch, tenant, key)
      else if (expectedVersion === 0) return table.version.get(branch, tenant, key) === undefined
      else return table.deleteVersion.run(branch, tenant, key, expectedVersion).changes === 1
      return true
    }
    const position = write.position ?? shown
    const version = write.version ?? this.#versions.next()
    if (expectedVersion === undefined) table.put.run(branch, tenant, key, document, position, version)
    else if (expectedVersion === 0) {
      return table.insert.run(branch, tenant, key, document, position, version).changes === 1
    } else {
      return table.update.run(document, position, version, branch, tenant, key, expectedVersion).changes === 1
    }
    return true
  }
}
