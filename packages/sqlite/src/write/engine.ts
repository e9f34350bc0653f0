import type { AppendedTogether, AppendRequest } from '@headwater/core'
import { togetherOf } from '@headwater/core/port'
import type { Database, Statement } from '../database.ts'
import { isUnavailable } from '../errors.ts'
import { Appender } from './append.ts'
import { BranchWriter } from './branches.ts'
import { CollectionWriter } from './collections.ts'
import { DocumentWriter } from './documents.ts'
import { ExternalJournalWriter } from './external-journal.ts'
import { ImageWriter } from './images.ts'
import { LeaseWriter } from './leases.ts'
import type { Arguments, Call, OperationName, OperationTable, Results, Settled } from './operations.ts'
import { ProcessorWriters } from './processors.ts'
import { SegmentWriter } from './segments.ts'
import { SnapshotWriter } from './snapshots.ts'
import { UserSqlWriter } from './user-sql.ts'
import { UserTableWriter } from './user-tables.ts'
import { VersionCounter } from './versions.ts'
import { ViewVersionWriter } from './view-versions.ts'

/** All that writes, on one connection and without waiting: the same on the main thread and in a thread of its own. */
export class Engine {
  readonly #database: Database
  readonly #appender: Appender
  readonly #versions: VersionCounter
  readonly #users: readonly { forget(): void }[]
  readonly #operations: OperationTable
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #rollback: Statement
  readonly #together: Readonly<Record<'begin' | 'release' | 'undo', Statement>>
  readonly #savepoint: Statement
  readonly #release: Statement
  readonly #rollbackTo: Statement

  constructor(database: Database) {
    this.#database = database
    this.#versions = new VersionCounter(database)
    const collections = new CollectionWriter(database)
    const documents = new DocumentWriter(database, collections, this.#versions)
    const userSql = new UserSqlWriter(database)
    const leases = new LeaseWriter(database)
    const processors = new ProcessorWriters(database, { documents, userSql, leases })
    const viewVersions = new ViewVersionWriter(database, processors.progress)
    const branches = new BranchWriter(database, collections)
    const appender = new Appender(database, documents, userSql, viewVersions, branches)
    this.#appender = appender
    const userTables = new UserTableWriter(database)
    this.#users = [userSql, userTables]
    const snapshots = new SnapshotWriter(database)
    const images = new ImageWriter(database, leases)
    const segments = new SegmentWriter(database)
    const externals = new ExternalJournalWriter(database)
    this.#operations = {
      append: (requests) => appender.append(requests),
      appendTogether: (requests) => this.#appendTogether(requests),
      ...processors.operations(),
      acquireLease: (name, owner, duration) => leases.acquire(name, owner, duration),
      renewLease: (lease, duration) => leases.renew(lease, duration),
      releaseLease: (lease) => leases.release(lease),
      defineCollection: (collection, indexes, isSearchable) =>
        collections.define(collection, indexes, isSearchable),
      shrinkCollection: (collection) => collections.shrink(collection),
      dropCollection: (collection) => collections.drop(collection),
      migrateTables: (owner, steps) => userTables.migrate(owner, steps),
      dropTables: (owner) => userTables.drop(owner),
      saveSnapshots: (rows) => snapshots.save(rows),
      dropSnapshots: (which) => snapshots.drop(which),
      addImageParts: (parts) => images.add(parts),
      publishImage: (head, lease) => images.publish(head, lease),
      pruneImage: (image, branch, keep, limit) => images.prune(image, branch, keep, limit),
      dropImage: (image, branch) => images.drop(image, branch),
      sealSegment: (segment) => segments.seal(segment),
      intendCall: (call) => externals.intend(call),
      settleCall: (call, settlement) => externals.settle(call, settlement),
      keepCalls: (calls) => externals.keep(calls),
      pruneCalls: (which) => externals.prune(which),
      createBranch: (branch) => branches.create(branch),
      setBranchClock: (id, offset) => branches.setClock(id, offset),
      hideBranch: (id) => branches.hide(id),
      shrinkBranches: () => branches.shrink(),
      changeViewVersions: (change) => viewVersions.change(change),
    }
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    this.#together = {
      begin: database.prepare('SAVEPOINT together'),
      release: database.prepare('RELEASE together'),
      undo: database.prepare('ROLLBACK TO together'),
    }
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
      for (const users of this.#users) users.forget()
      return calls.map(() => ({ error }))
    } finally {
      this.#versions.forget()
    }
  }

  #appendTogether(requests: readonly AppendRequest[]): AppendedTogether {
    this.#together.begin.run()
    let isRecorded = false
    try {
      const together = togetherOf(this.#appender.append(requests))
      isRecorded = together.status === 'appended'
      return together
    } finally {
      // Where an error has ended the transaction, there is no savepoint left.
      if (this.#database.inTransaction) {
        if (!isRecorded) this.#together.undo.run()
        this.#together.release.run()
      }
      if (!isRecorded) this.#appender.forget()
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
      for (const users of this.#users) users.forget()
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
