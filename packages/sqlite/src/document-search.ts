import { setImmediate as turn } from 'node:timers/promises'
import type { DocumentQuery } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { keyIndexOf } from './collection.ts'
import { type IndexedTable, isInOrder, orderIndex } from './document-index.ts'
import { planPage, planWalk } from './document-query.ts'
import { type Columns, placeOf, selectRows } from './document-rows.ts'
import type { Reader } from './reader.ts'
import { rowStatements, type Statements } from './statements.ts'
import { hasWords, isAmong, type SearchQuery, WordIndex } from './word-index.ts'

export interface SearchedTable extends IndexedTable {
  readonly isSearchable: boolean
}

/** At most so many documents that may match are looked at one by one before a walk is tried. */
const mostCandidates = 10_000
/** Documents that are walked over in one go, and before a walk is given up. */
const stride = 1_000
const longestWalk = 50_000

/**
 * Searches documents by their words. Nothing of it holds the event loop up for longer than some milliseconds, however many
 * documents there are and match: the work is done in pieces, each on what is committed then.
 */
export class DocumentSearch {
  readonly #reader: Reader
  readonly #words: WordIndex
  readonly #pages: Statements<Columns>
  readonly #walks: Statements<Columns<Columns[1] | null>>

  constructor(reader: Reader) {
    this.#reader = reader
    this.#words = new WordIndex(reader)
    this.#pages = rowStatements(reader.database)
    this.#walks = rowStatements(reader.database)
  }

  /**
   * The rows of a page and, where there is another one, the first of the next.
   *
   * @param selective the index of a filter that leaves few documents
   * @throws HeadwaterError `view.invalid-query`
   */
  async find(
    query: SearchQuery,
    table: SearchedTable,
    selective: string | undefined,
  ): Promise<readonly Columns[]> {
    if (!table.isSearchable) {
      throw new HeadwaterError('view.invalid-query', `The collection ${query.collection} is not searchable`)
    }
    if (selective !== undefined) {
      const selects = planPage(query, table.name, selective, hasWords(query, table.name))
      return this.#reader.read(() => selectRows(this.#pages, selects, query.limit + 1))
    }
    const size = await this.#words.size(table.name)
    const candidates = this.#words.candidates(query, table.name, size)
    const first = await take(candidates, fewCandidates(query, size))
    const isWalkable = first.goesOn && isInOrder(query, table)
    return (
      (isWalkable ? await this.#walk(query, table) : undefined) ??
      this.#rank(query, table, first.ids, candidates)
    )
  }

  /** Looks at one document after the other in their order. Undefined: too many of them don't match. */
  async #walk(query: SearchQuery, table: SearchedTable): Promise<readonly Columns[] | undefined> {
    const condition = hasWords(query, table.name)
    const index = orderIndex(query, table) ?? keyIndexOf(table.name)
    const found: Columns[] = []
    let { after } = query
    for (let walked = 0; walked < longestWalk; walked += stride) {
      const selects = planWalk({ ...query, after }, table.name, index, condition)
      const rows = await this.#reader.read(() => selectRows(this.#walks, selects, stride))
      found.push(...rows.filter(isThere))
      const last = rows.at(-1)
      if (found.length > query.limit || last === undefined || rows.length < stride) return found
      after = placeOf(last)
      await turn()
    }
    return undefined
  }

  /** Looks at every document that may match, some at a time, and keeps those that come first. */
  async #rank(
    query: SearchQuery,
    table: SearchedTable,
    first: readonly (readonly number[])[],
    others: AsyncIterable<readonly number[]>,
  ): Promise<readonly Columns[]> {
    let best: readonly Columns[] = []
    const consider = async (ids: readonly number[]): Promise<void> => {
      const condition = isAmong(
        query,
        table.name,
        ids,
        best.map(([key]) => key),
      )
      const selects = planPage(query, table.name, keyIndexOf(table.name), condition)
      best = await this.#reader.read(() => selectRows(this.#pages, selects, query.limit + 1))
    }
    for (const ids of first) {
      await consider(ids)
      await turn()
    }
    for await (const ids of others) await consider(ids)
    return best
  }
}

/**
 * Of c candidates among n documents a walk meets a page of p after p × n / c documents: it is the shorter way from
 * c = √(p × n) on.
 */
function fewCandidates({ limit }: SearchQuery, size: number): number {
  return Math.min(mostCandidates, Math.sqrt((limit + 1) * size))
}

export function isSearch(query: DocumentQuery): query is SearchQuery {
  return query.search !== undefined
}

/** The first chunks of the ids, until there are so many, and whether there are others. */
async function take(chunks: AsyncGenerator<readonly number[]>, count: number) {
  const ids: (readonly number[])[] = []
  for (let taken = 0; taken < count; ) {
    const next = await chunks.next()
    if (next.done === true) return { ids, goesOn: false }
    ids.push(next.value)
    taken += next.value.length
  }
  return { ids, goesOn: true }
}

function isThere(row: Columns<Columns[1] | null>): row is Columns {
  return row[1] !== null
}
