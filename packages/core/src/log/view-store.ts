import type { Encoded } from '../message/codec.ts'
import type { Checkpoint, DocumentQuery, DocumentRow, Scalar } from './store.ts'

/**
 * The port of views in a database of their own, beside the log's: documents, and with them, in one atomic commit, the
 * position that they show. So a view's effects are exactly once whatever is killed, though nothing spans both databases.
 * `viewStoreConformance` of `@headwater/conformance` tests each sentence.
 *
 * Queries mean what they mean in the log's own store (`Documents`): the same filters, order and cursors.
 */
export interface ViewStore {
  /** For messages, without secrets: `mariadb:shop`. */
  readonly name: string
  /** A commit that holds more than one of these is cut short by who makes it, at its next event. */
  readonly largestCommit: { readonly documents: number; readonly bytes: number }
  /**
   * Makes the collection where it is missing, and what its queries need.
   *
   * @param indexes paths by which it is filtered or sorted often; those of later calls are added
   * @param isSearchable whether the words of its documents are kept
   * @throws HeadwaterError `view.store-unavailable`, as all others
   */
  define(collection: string, indexes: readonly string[], isSearchable?: boolean): Promise<void>
  /** Deletes a collection with its documents and its position. */
  drop(collection: string): Promise<void>
  /** @throws HeadwaterError `view.unknown` where nobody defined the collection, as do `list` and `count` */
  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (ViewDocument | undefined)[]>
  /** @throws HeadwaterError `view.invalid-query`, and `view.too-wide` where it would look at more documents than it may */
  list(query: DocumentQuery): Promise<ViewDocumentPage>
  count(collection: string, branch: number, tenant: string): Promise<number>
  /** What the documents of a collection show; undefined: nothing was ever committed. */
  position(collection: string, branch: number): Promise<Checkpoint | undefined>
  /**
   * Writes documents and the position, all or nothing.
   *
   * @throws HeadwaterError `processor.fenced` if the documents don't stand at `from`, or a later holder has committed
   */
  commit(commit: ViewCommit): Promise<void>
  /** Lets go of all connections. */
  close(): Promise<void>
}

/** A database for views, before it is opened: what a view's definition names. Views that share one share its connections. */
export interface ViewDatabase {
  /** For messages, without secrets. */
  readonly name: string
  /** Connects when it is first asked for something. Once for each app that is opened. */
  open(): ViewStore
}

/** A document and the position that it shows. */
export type ViewDocument = Omit<DocumentRow, 'version'>

export interface ViewDocumentPage {
  readonly items: readonly ViewDocument[]
  /** Where the next page begins; undefined: this was the last one. */
  readonly next: readonly Scalar[] | undefined
}

export interface ViewDocumentWrite {
  readonly tenant: string
  readonly key: string
  /** Null deletes. */
  readonly document: Encoded | null
  readonly position: number
  /** By which a search finds it, with a space between them; absent: none does. */
  readonly words?: string
}

export interface ViewCommit {
  readonly collection: string
  readonly branch: number
  /** Where the documents stand until now; undefined: nothing was ever committed. */
  readonly from: number | undefined
  /** Where they stand from now on. */
  readonly checkpoint: Checkpoint
  /** Of the lease under which it is committed: it rises with every holder. */
  readonly token: number
  /** Each key at most once. */
  readonly documents: readonly ViewDocumentWrite[]
}
