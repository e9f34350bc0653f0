import type { Forecast, ForecastOptions } from './forecast-wire.ts'
import { type ListOptions, listQuery } from './list-options.ts'
import { type Moment, writtenMoment } from './moment.ts'
import type { Transport } from './transport.ts'
import type { Document, Page } from './wire.ts'

/** One view's documents. */
export interface ViewClient<Doc> {
  /**
   * A document by key, of now or as of a moment; a problem with status 404 if there is none. `waitFor`: at least this position.
   */
  get(
    key: string,
    options?: {
      at?: Moment | undefined
      /** As it was believed when the log ended at this position. */
      known?: number | undefined
      waitFor?: number | undefined
      signal?: AbortSignal | undefined
    },
  ): Promise<Document<Doc>>
  /** A page of documents: filtered, sorted, and gone on with by `cursor`. */
  list(options?: ListOptions): Promise<Page<Document<Doc>>>
  /** How a number in the documents is expected to go on; a problem with status 422 where there is too little past. */
  forecast(options: ForecastOptions): Promise<Forecast>
}

export function createViewClient<Doc>({ json, branch }: Transport, name: string): ViewClient<Doc> {
  const path = `/views/${encodeURIComponent(name)}`
  return {
    get: (key, { at, known, waitFor, signal } = {}) =>
      json(`${path}/${encodeURIComponent(key)}`, {
        query: { at: writtenMoment(at), known, waitFor, branch },
        signal,
      }),
    forecast: ({ signal, from, to, ...options }) =>
      json(`${path}/forecast`, {
        query: { ...options, from: writtenMoment(from), to: writtenMoment(to), branch },
        signal,
      }),
    list: (options = {}) => json(path, { query: { ...listQuery(options), branch }, signal: options.signal }),
  }
}
