import type { Encoded } from '../message/codec.ts'
import type { DocumentWrite, Log } from './port.ts'

/** Everything that a database gives Headwater: one engine, one port per concern, one transaction where it says so. */
export interface Store {
  /** For messages: `sqlite:shop.db`. */
  readonly name: string
  readonly log: Log
  readonly commands: CommandLog
  readonly documents: Documents
  readonly progress: Progress
  readonly leases: Leases
  /** After it every call is refused with `log.closed`. */
  close(): Promise<void>
}

export interface CommandLog {
  find(branch: number, tenant: string, id: string): Promise<CommandRow | undefined>
  read(query: {
    branch: number
    tenant: string | undefined
    after: number
    limit: number
  }): Promise<readonly CommandRow[]>
  /** The commands of a correlation and, where given, those that an event caused; oldest first. */
  trace(query: {
    branch: number
    tenant: string
    correlationId?: string
    causationId?: string
    limit: number
  }): Promise<readonly CommandRow[]>
}

export interface CommandRow {
  /** Its place in the command log: the order of decisions. */
  readonly sequence: number
  readonly tenant: string
  readonly id: string
  readonly type: string
  readonly payload: Encoded
  readonly actor: string | null
  /** Null: the command's own id. */
  readonly correlationId: string | null
  /** The id of the event that caused it; null: nothing in the log. */
  readonly causationId: string | null
  /** Epoch milliseconds. */
  readonly decidedAt: number
  readonly status: 'accepted' | 'rejected'
  readonly reason: Encoded | null
  readonly reads: string
  /** Of its first event; null where it made none. */
  readonly position: number | null
  /** How many events it made, from `position` on. */
  readonly events: number
}

/**
 * The documents of views. A collection is one version of one view; using one that is not defined throws `view.unknown`
 * (an append that writes to it has failed).
 */
export interface Documents {
  /** Makes the collection and its indexes where they are missing. */
  define(collection: string, indexes: readonly string[]): Promise<void>
  /** Deletes a collection with all of its documents. */
  drop(collection: string): Promise<void>
  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (DocumentRow | undefined)[]>
  list(query: DocumentQuery): Promise<DocumentPage>
  count(collection: string, branch: number, tenant: string): Promise<number>
}

export interface DocumentRow {
  readonly key: string
  readonly document: Encoded
  /** The position that it shows. */
  readonly position: number
  /**
   * Another with every write. A key never gets a version again, deleted in between or not: who read the document before
   * it was deleted can't mistake its successor for it.
   */
  readonly version: number
}

/**
 * A value by which documents are compared. All values have one order: null and what is missing, then numbers (false is 0,
 * true is 1), then text by code points; an array or an object counts as its JSON text.
 */
export type Scalar = string | number | boolean | null

/**
 * `eq`, `in` and their opposite `ne` take null for a value like any other. `gt`, `gte`, `lt` and `lte` go by the order of
 * values but match no null, on either side. `prefix` matches text that begins with the value, letter by letter.
 */
export type FilterOperator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'prefix'

export interface Filter {
  /** A path into the document, through objects only: `address.city`; `$key` is its key. */
  readonly path: string
  readonly operator: FilterOperator
  readonly value: Scalar | readonly Scalar[]
}

export interface Sort {
  readonly path: string
  readonly descending: boolean
}

export interface DocumentQuery {
  readonly collection: string
  readonly branch: number
  readonly tenant: string
  /** All of them must match. */
  readonly filters: readonly Filter[]
  /** Ties are broken by the key, upwards. */
  readonly sort: readonly Sort[]
  readonly limit: number
  /** The values of the sort's paths, then the key, of the last document of the page before. */
  readonly after: readonly Scalar[] | undefined
}

export interface DocumentPage {
  readonly items: readonly DocumentRow[]
  /** Where the next page begins; undefined: this was the last one. */
  readonly next: readonly Scalar[] | undefined
}

/** How far processors have come, and what they had to leave aside. */
export interface Progress {
  checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined>
  /**
   * Writes documents, parked events and the checkpoint in one transaction.
   *
   * @throws HeadwaterError `processor.fenced` if the lease is not held any more, `log.document-conflict` if a document is
   *   not at its expected version; then nothing was written
   */
  commit(commit: ProgressCommit): Promise<void>
  /** In the order of positions. */
  parked(query: ParkedQuery): Promise<readonly ParkedEvent[]>
  /** Forgets all of a processor: checkpoint and parked events. */
  reset(processor: string, branch: number): Promise<void>
}

/** Where a processor stands, and in which history: a mismatch stops it with `log.diverged`. */
export interface Checkpoint {
  readonly epoch: string
  readonly position: number
  /** The id of the event at the position; null where the position is 0. */
  readonly eventId: string | null
}

export interface ProgressCommit {
  readonly processor: string
  readonly branch: number
  readonly lease: Lease
  /** Undefined: it stays where it is. */
  readonly checkpoint: Checkpoint | undefined
  readonly documents: readonly DocumentWrite[]
  /** Replaces what is parked at the same place of the same sequence. */
  readonly park: readonly ParkedEvent[]
  readonly unpark: readonly {
    readonly tenant: string
    readonly sequence: string
    readonly position: number
  }[]
}

/** An event that could not be processed, or that waits behind one that could not. */
export interface ParkedEvent {
  readonly processor: string
  readonly branch: number
  readonly tenant: string
  /** What the processor orders by: a stream, or a view's key. */
  readonly sequence: string
  readonly position: number
  /** How often it was tried; 0: it waits behind another. */
  readonly attempts: number
  readonly error: string | null
  /** Epoch milliseconds. */
  readonly parkedAt: number
}

export interface ParkedQuery {
  readonly processor: string | undefined
  readonly branch: number
  readonly tenant?: string
  readonly sequence?: string
  readonly limit: number
}

/** The right to do something alone, for a time, on the database's clock. */
export interface Leases {
  /**
   * Undefined: somebody else holds it. Taking it again as the same owner renews it.
   *
   * @param duration milliseconds after which it is lost, unless renewed
   */
  acquire(name: string, owner: string, duration: number): Promise<Lease | undefined>
  /** False: it was lost. */
  renew(lease: Lease, duration: number): Promise<boolean>
  release(lease: Lease): Promise<void>
}

/** `token` rises with every new holder, so that a late write of an old one is recognised. */
export interface Lease {
  readonly name: string
  readonly owner: string
  readonly token: number
}
