import type { Filter, FilterOperator, Scalar } from '../log/store.ts'
import type { ViewLifecycle } from './view.ts'

/** Reads the documents of one view. */
export interface ViewReader<Document> {
  /** @throws HeadwaterError `view.wait-timeout` */
  get(key: string, options?: ReadOptions): Promise<ViewItem<Document> | undefined>
  /** @throws HeadwaterError `view.invalid-query`, `view.wait-timeout` */
  list(query?: ListQuery): Promise<ViewPage<Document>>
  /** Every document that matches, page after page. */
  all(query?: Omit<ListQuery, 'cursor'>): AsyncIterable<ViewItem<Document>>
}

export interface ReadOptions {
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
  /** Up to here the log is in the view. */
  readonly position: number
  readonly lag: { readonly events: number; readonly seconds: number }
}
