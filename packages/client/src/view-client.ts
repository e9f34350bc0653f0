import { type ListOptions, listQuery } from './list-options.ts'
import type { Transport } from './transport.ts'
import type { Document, Page } from './wire.ts'

/** One view's documents. */
export interface ViewClient<Doc> {
  /** A document by key; a problem with status 404 if there is none. `waitFor`: at least this position. */
  get(
    key: string,
    options?: { waitFor?: number | undefined; signal?: AbortSignal | undefined },
  ): Promise<Document<Doc>>
  /** A page of documents: filtered, sorted, and gone on with by `cursor`. */
  list(options?: ListOptions): Promise<Page<Document<Doc>>>
}

export function createViewClient<Doc>({ json }: Transport, name: string): ViewClient<Doc> {
  const path = `/views/${encodeURIComponent(name)}`
  return {
    get: (key, { waitFor, signal } = {}) =>
      json(`${path}/${encodeURIComponent(key)}`, { query: { waitFor }, signal }),
    list: (options = {}) => json(path, { query: listQuery(options), signal: options.signal }),
  }
}
