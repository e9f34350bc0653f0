import { HeadwaterError } from '../message/errors.ts'
import { passes, valueAt } from './filter.ts'
import { compareScalars, compareText } from './order.ts'
import type { DocumentQuery, Scalar, Sort } from './store.ts'
import type { ViewDocument, ViewDocumentPage } from './view-store.ts'

/** Where documents are looked for. */
export interface Candidates {
  /** Some at a time; all that match are among them, each once. */
  readonly documents: AsyncIterable<readonly ViewDocument[]>
  /** Whether they come in the order of the query, from behind its place on. */
  readonly isOrdered: boolean
}

/** A document and the place where the order puts it: the values of the sort's paths, then the key. */
interface Placed {
  readonly document: ViewDocument
  readonly place: readonly Scalar[]
}

/**
 * Finishes what a database has begun: filters, sorts and cuts to a page, for stores whose database can't do all of it. It
 * keeps no more than the page in memory.
 *
 * @param most documents that it looks at
 * @throws HeadwaterError `view.too-wide` where there would be more
 */
export async function pageOf(
  query: Pick<DocumentQuery, 'collection' | 'filters' | 'sort' | 'limit' | 'after'>,
  { documents, isOrdered }: Candidates,
  most: number,
): Promise<ViewDocumentPage> {
  const page = new Page(query, isOrdered)
  let seen = 0
  for await (const some of documents) {
    for (const document of some) {
      seen += 1
      if (seen > most) throw tooWide(query.collection, most)
      page.offer(document)
      if (page.isFull) return page.end()
    }
  }
  return page.end()
}

class Page {
  readonly #query: Pick<DocumentQuery, 'filters' | 'sort' | 'limit' | 'after'>
  readonly #isOrdered: boolean
  #placed: Placed[] = []

  constructor(query: Pick<DocumentQuery, 'filters' | 'sort' | 'limit' | 'after'>, isOrdered: boolean) {
    this.#query = query
    this.#isOrdered = isOrdered
  }

  /** Nothing that comes now can be on it. */
  get isFull(): boolean {
    return this.#isOrdered && this.#placed.length > this.#query.limit
  }

  offer(document: ViewDocument): void {
    const { filters, sort, limit, after } = this.#query
    const read = readerOf(document)
    if (!filters.every((filter) => passes(filter, read(filter.path)))) return
    const place = [...sort.map(({ path }) => read(path)), document.key]
    if (!this.#isOrdered && after !== undefined && comparePlaces(place, after, sort) <= 0) return
    this.#placed.push({ document, place })
    // One more than the page: it says whether there is another one.
    if (!this.#isOrdered && this.#placed.length > 2 * limit + 2) this.#cut()
  }

  end(): ViewDocumentPage {
    this.#cut()
    const { limit } = this.#query
    const page = this.#placed.slice(0, limit)
    return {
      items: page.map(({ document }) => document),
      next: this.#placed.length > limit ? page.at(-1)?.place : undefined,
    }
  }

  #cut(): void {
    const { sort, limit } = this.#query
    if (!this.#isOrdered) this.#placed.sort((one, other) => comparePlaces(one.place, other.place, sort))
    this.#placed = this.#placed.slice(0, limit + 1)
  }
}

/** Reads values of a document by their paths; of one in another codec than JSON there are none. */
export function readerOf({
  key,
  document,
}: Pick<ViewDocument, 'key' | 'document'>): (path: string) => Scalar {
  const root: unknown = typeof document === 'string' ? parsed(document) : null
  return (path) => (path === '$key' ? key : valueAt(root, path))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function comparePlaces(
  one: readonly Scalar[],
  other: readonly Scalar[],
  sort: readonly Sort[],
): number {
  for (const [index, { descending }] of sort.entries()) {
    const comparison = compareScalars(one[index] ?? null, other[index] ?? null)
    if (comparison !== 0) return descending ? -comparison : comparison
  }
  return compareText(String(one[sort.length]), String(other[sort.length]))
}

function tooWide(collection: string, most: number): HeadwaterError {
  return new HeadwaterError(
    'view.too-wide',
    `The query would look at more than ${most} documents of ${collection}: give the view an index for it`,
  )
}
