import type { Database, Statement } from '../database.ts'
import { isUnavailable } from '../errors.ts'
import { Appender } from './append.ts'
import { CollectionWriter } from './collections.ts'
import { DocumentWriter } from './documents.ts'
import { LeaseWriter } from './leases.ts'
import type { Arguments, Call, OperationName, OperationTable, Results, Settled } from './operations.ts'
import { ProgressWriter } from './progress.ts'
import { VersionCounter } from './versions.ts'

/** All that writes, on one connection and without waiting: the same on the main thread and in a thread of its own. */
export class Engine {
  readonly #database: Database
  readonly #appender: Appender
  readonly #versions: VersionCounter
  readonly #operations: OperationTable
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #rollback: Statement
  readonly #savepoint: Statement
  readonly #release: Statement
  readonly #rollbackTo: Statement

  constructor(database: Database) {
    this.#database = database
    this.#versions = new VersionCounter(database)
    const collections = new CollectionWriter(database)
    const documents = new DocumentWriter(database, collections, this.#versions)
    const appender = new Appender(database, documents)
    this.#appender = appender
    const progress = new ProgressWriter(database, documents)
    const leases = new LeaseWriter(database)
    this.#operations = {
      append: (requests) => appender.append(requests),
      commitProgress: (commit) => progress.commit(commit),
      resetProgress: (processor, branch) => progress.reset(processor, branch),
      acquireLease: (name, owner, duration) => leases.acquire(name, owner, duration),
      renewLease: (lease, duration) => leases.renew(lease, duration),
      releaseLease: (lease) => leases.release(lease),
      defineCollection: (collection, indexes) => collections.define(collection, indexes),
      dropCollection: (collection) => collections.drop(collection),
    }
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    this.#savepoint = database.prepare('SAVEPOINT call')
    this.#release = database.prepare('RELEASE call')
    this.#rollbackTo = database.prepare('ROLLBACK TO call')
  }

  /** Takes the write lock, or throws that it is busy. */
  begin(): void {
    this.#begin.run()
  }

  /** Performs calls and commits them together; one that throws leaves no trace and doesn't harm the others. */
  finish(calls: readonly Call[]): readonly Settled[] {
    try {
      const alone = calls.length === 1
      const settled = calls.map((call) =>
        alone || call.name === 'append' ? this.#perform(call) : this.#attempt(call),
      )
      this.#versions.save()
      this.#commit.run()
      return settled
    } catch (error) {
      if (this.#database.inTransaction) this.#rollback.run()
      this.#appender.forget()
      return calls.map(() => ({ error }))
    } finally {
      this.#versions.forget()
    }
  }

  #attempt(call: Call): Settled {
    this.#savepoint.run()
    try {
      const settled = this.#perform(call)
      this.#release.run()
      return settled
    } catch (error) {
      if (!this.#database.inTransaction || isUnavailable(error)) throw error
      this.#rollbackTo.run()
      this.#release.run()
      return { error }
    }
  }

  #perform<Name extends OperationName>({
    name,
    args,
  }: {
    name: Name
    args: Arguments[Name]
  }): { value: Results[Name] } {
    const operation: (...args: Arguments[Name]) => Results[Name] = this.#operations[name]
    return { value: operation(...args) }
  }

  /** Moves what is in the write-ahead log into the database file, as far as readers allow, and closes the connection. */
  close(): void {
    try {
      this.#database.pragma('wal_checkpoint(TRUNCATE)')
    } finally {
      this.#database.close()
    }
  }
}
