import type { Encoded } from '../message/codec.ts'
import type { Branches } from './branches.ts'
import type { Controls } from './controls.ts'
import type { ExternalJournal } from './external-journal.ts'
import type { Images } from './images.ts'
import type { Leases } from './leases.ts'
import type { Parking } from './parking.ts'
import type { Log } from './port.ts'
import type { Progress } from './progress.ts'
import type { Results } from './results.ts'
import type { Segments } from './segments.ts'
import type { Snapshots } from './snapshots.ts'
import type { SqlStore } from './sql.ts'
import type { ViewVersions } from './view-versions.ts'

export type { Checkpoint } from './checkpoint.ts'
export type { Lease, Leases } from './leases.ts'

/** Everything that a database gives Headwater: one engine, one port per concern, one transaction where it says so. */
export interface Store {
  /** For messages: `sqlite:shop.db`. */
  readonly name: string
  readonly log: Log
  readonly commands: CommandLog
  /** Undefined: the store keeps none, and what needs one fails with `branch.unsupported`. */
  readonly branches?: Branches
  readonly documents: Documents
  readonly progress: Progress
  readonly parking: Parking
  readonly results: Results
  readonly controls: Controls
  readonly externals: ExternalJournal
  readonly leases: Leases
  readonly snapshots: Snapshots
  readonly images: Images
  readonly segments: Segments
  /** Undefined: the store has no tables for users, and what holds statements of theirs fails with `store.no-sql`. */
  readonly sql?: SqlStore
  readonly viewVersions: ViewVersions
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
  /**
   * Makes the collection and its indexes where they are missing.
   *
   * @param isSearchable whether the words of its documents are kept; from when it first is, those that are written are found
   */
  define(collection: string, indexes: readonly string[], isSearchable?: boolean): Promise<void>
  /** Deletes a collection with all of its documents. */
  drop(collection: string): Promise<void>
  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (DocumentRow | undefined)[]>
  /** @throws HeadwaterError `view.invalid-query` where a collection is searched that is not searchable */
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
  /**
   * All of these must be among the words that the document was written with; of the last one the beginning of a word is
   * enough. Undefined: whatever its words are.
   */
  readonly search?: readonly string[]
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
