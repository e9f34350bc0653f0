import { type Moment, writtenMoment } from './moment.ts'

/** A comparison with a field of a document. */
export interface Comparison {
  readonly gt?: Scalar | undefined
  readonly gte?: Scalar | undefined
  readonly lt?: Scalar | undefined
  readonly lte?: Scalar | undefined
  readonly ne?: Scalar | undefined
  /** Any of these. */
  readonly in?: readonly Scalar[] | undefined
  /** Texts that start so. */
  readonly prefix?: string | undefined
}

export type Scalar = string | number | boolean

export interface ListOptions {
  /** Equality, or comparisons: `{ country: 'UK', total: { gte: 5 } }`. */
  readonly filter?: Readonly<Record<string, Scalar | Comparison>>
  /** Words that all are in the document, of the last one perhaps only the beginning; of views that can be searched. */
  readonly search?: string | undefined
  /** Fields in order of weight, a minus for descending: `-total,name`. */
  readonly sort?: string | undefined
  readonly limit?: number | undefined
  /** From the page before. */
  readonly cursor?: string | undefined
  /** As of when; default: now. */
  readonly at?: Moment | undefined
  /** As it was believed when the log ended at this position. */
  readonly known?: number | undefined
  /** Wait until the view has this position, a problem with status 504 if that takes too long. */
  readonly waitFor?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The query parameters that say it: `filter[country]=UK`, `filter[total][gte]=5`. */
export function listQuery(options: ListOptions): Record<string, string | number | undefined> {
  const { filter = {}, search, sort, limit, cursor, known, waitFor } = options
  const at = writtenMoment(options.at)
  const query: Record<string, string | number | undefined> = {
    search,
    sort,
    limit,
    cursor,
    at,
    known,
    waitFor,
  }
  for (const [field, wanted] of Object.entries(filter)) {
    if (typeof wanted !== 'object') {
      query[`filter[${field}]`] = String(wanted)
      continue
    }
    for (const [operator, value] of Object.entries(wanted)) {
      if (value !== undefined) query[`filter[${field}][${operator}]`] = String(value)
    }
  }
  return query
}
