import {
  longestSortable,
  readerOf,
  type DocumentPage,
  type DocumentQuery,
  type DocumentRow,
  type Documents,
} from '@headwater/core'
import { textArray } from './arrays.ts'
import { Collections, collectionStatement } from './collection.ts'
import type { Database } from './database.ts'
import { defineCollection, dropCollection } from './define.ts'
import { planPage, type Exactness } from './document-query.ts'
import { encodedOf } from './encoded.ts'
import { keyOf, storedKey } from './keys.ts'

type Columns = [
  key: string,
  document: string | null,
  bytes: Uint8Array | null,
  position: number,
  version: number,
]
type PageColumns = [...Columns, isLong: boolean]

export class PostgresDocuments implements Documents {
  readonly #database: Database
  readonly #collections: Collections

  constructor(database: Database) {
    this.#database = database
    this.#collections = new Collections(database)
  }

  async define(collection: string, indexes: readonly string[], isSearchable = false): Promise<void> {
    await defineCollection(this.#database, collection, indexes, isSearchable)
    this.#collections.forget(collection)
  }

  async drop(collection: string): Promise<void> {
    await dropCollection(this.#database, collection)
    this.#collections.forget(collection)
  }

  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (DocumentRow | undefined)[]> {
    return this.#collections.use(collection, async ({ table }) => {
      const get = { name: `get ${table}`, text: collectionStatement('get', table) }
      const asked = textArray([...new Set(keys)].map(storedKey))
      const { rows } = await this.#database.run<Columns>(get, [branch, storedKey(tenant), asked])
      const found = new Map(rows.map((columns) => [keyOf(columns[0]), documentRow(columns)]))
      return keys.map((key) => found.get(key))
    })
  }

  async list(query: DocumentQuery): Promise<DocumentPage> {
    const rows = await this.#select(query)
    const page = rows.slice(0, query.limit).map(documentRow)
    const last = page.at(-1)
    if (rows.length <= query.limit || last === undefined) return { items: page, next: undefined }
    const read = readerOf(last)
    return { items: page, next: [...query.sort.map(({ path }) => read(path)), last.key] }
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#collections.use(collection, async ({ table }) => {
      const count = { name: `count ${table}`, text: collectionStatement('count', table) }
      const { rows } = await this.#database.run<[number]>(count, [branch, storedKey(tenant)])
      return rows[0]?.[0] ?? 0
    })
  }

  /** One more than asked for: it says whether there is another page. */
  async #select(query: DocumentQuery): Promise<readonly PageColumns[]> {
    const rows = await this.#page(query, 'beginnings')
    const isExact = rows.every((columns) => !columns[5]) && !isCursorLong(query)
    return isExact ? rows : this.#page(query, 'whole')
  }

  #page(query: DocumentQuery, exactness: Exactness): Promise<readonly PageColumns[]> {
    const method = query.search === undefined ? 'use' : 'useSearchable'
    return this.#collections[method](query.collection, async ({ table }) => {
      const { text, values } = planPage(query, table, exactness)
      // Not prepared: the plan depends on what is asked for.
      return (await this.#database.run<PageColumns>({ text }, values)).rows
    })
  }
}

function isCursorLong({ after: [first] = [] }: DocumentQuery): boolean {
  return typeof first === 'string' && Buffer.byteLength(first) >= longestSortable - 1
}

function documentRow([key, text, bytes, position, version]: Columns | PageColumns): DocumentRow {
  return { key: keyOf(key), document: encodedOf(text, bytes), position, version }
}
