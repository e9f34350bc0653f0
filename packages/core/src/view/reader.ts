import type { Moment } from '../message/moment.ts'
import type { Filter, FilterOperator, Scalar } from '../log/store.ts'
import type { RebuildProgress } from './rebuild.ts'
import type { ViewLifecycle } from './view.ts'

/** Reads the documents of one view. */
export interface ViewReader<Document> {
  /** @throws HeadwaterError `view.wait-timeout`, `time.not-yet` */
  get(key: string, options?: ReadOptions): Promise<ViewItem<Document> | undefined>
  /** @throws HeadwaterError `view.invalid-query`, `view.wait-timeout`, `time.not-yet`, `time.too-large` */
  list(query?: ListQuery): Promise<ViewPage<Document>>
  /** Every document that matches, page after page. */
  all(query?: Omit<ListQuery, 'cursor'>): AsyncIterable<ViewItem<Document>>
}

export interface ReadOptions {
  /**
   * As of when: a position of the log, which is what was recorded up to it, or an instant, which is what had occurred by then.
   * Default: now.
   */
  readonly at?: Moment | undefined
  readonly tenant?: string
  /** Waits until the view shows this position. */
  readonly waitFor?: number | undefined
  /** Milliseconds to wait at most; default 5,000. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal
}

export interface ListQuery extends ReadOptions {
  /** `{ country: 'France', total: { gte: 100 } }`: paths into the document. */
  readonly filter?: Readonly<
    Record<string, Scalar | Partial<Record<FilterOperator, Scalar | readonly Scalar[]>>>
  >
  readonly filters?: readonly Filter[]
  /**
   * Finds the documents in which all of these words are, the last one perhaps not to its end: `ada love`. Case and accents
   * don't count. For views that say by what they are searched.
   */
  readonly search?: string
  /** `-total,name`: by total downwards, then by name. Default: by key. */
  readonly sort?: string
  /** Default 100, at most 1,000. */
  readonly limit?: number
  /** Of the page before, with the same filter and sort. */
  readonly cursor?: string
}

export interface ViewItem<Document> {
  readonly key: string
  readonly doc: Document
  /** The position of the last event that it shows. */
  readonly position: number
}

export interface ViewPage<Document> {
  readonly items: readonly ViewItem<Document>[]
  /** Null: this was the last page. */
  readonly cursor: string | null
}

export interface ViewSummary {
  readonly name: string
  readonly lifecycle: ViewLifecycle
  readonly events: readonly string[]
  readonly indexes: readonly string[]
  /** What a search looks at; empty: it can't be searched. */
  readonly search: readonly string[]
  /** Up to here the log is in the view. */
  readonly position: number
  readonly lag: { readonly events: number; readonly seconds: number }
  /** The version that is read; null: it is live, or its first one is being built. */
  readonly version: number | null
  /**
   * How the code stands to the documents that are read: `changed`: it would make others, so rebuild it; `superseded`: other
   * code has replaced the version of this one. Null: there is no version.
   */
  readonly code: 'same' | 'changed' | 'superseded' | null
  /** The version that is being built; null: none is. */
  readonly rebuild: RebuildProgress | null
}
