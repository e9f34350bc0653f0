import type { DocumentPage, DocumentQuery, DocumentRow, Documents } from '@headwater/core'
import { Collections, collectionStatement } from './collection.ts'
import type { Database, Statement } from './database.ts'
import { chooseIndex, fewDocuments, type IsSelective, selectiveIndex } from './document-index.ts'
import { planPage, planProbe } from './document-query.ts'
import { type Columns, documentRow, placeOf, selectRows } from './document-rows.ts'
import { DocumentSearch, isSearch } from './document-search.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import { rowStatements, type Statements, valueStatements } from './statements.ts'
import type { SearchQuery } from './word-index.ts'
import { isSearchable } from './words.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('collections')

class Table {
  readonly name: string
  readonly get: Statement<[number, string, string], Columns>
  readonly count: Statement<[number, string], number>
  readonly indexes: ReadonlySet<string>
  readonly isSearchable: boolean

  constructor(database: Database, name: string) {
    this.name = name
    this.get = database.prepare<[number, string, string], Columns>(collectionStatement('get', name)).raw()
    this.count = database.prepare<[number, string], number>(collectionStatement('count', name)).pluck()
    this.indexes = new Set(database.prepare<[string], string>(sql('indexes')).pluck().all(name))
    this.isSearchable = isSearchable(database, name)
  }
}

export class SqliteDocuments implements Documents {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #tables: Collections<Table>
  readonly #pages: Statements<Columns>
  readonly #probes: Statements<number>
  readonly #searches: DocumentSearch

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#tables = new Collections(reader.database, (name) => new Table(reader.database, name))
    this.#pages = rowStatements(reader.database)
    this.#probes = valueStatements(reader.database)
    this.#searches = new DocumentSearch(reader)
  }

  define(collection: string, indexes: readonly string[], searchable = false): Promise<void> {
    return this.#writer.perform('defineCollection', collection, indexes, searchable)
  }

  /** In small steps, between which others write and the event loop turns. */
  async drop(collection: string): Promise<void> {
    while (await this.#writer.perform('shrinkCollection', collection)) await new Promise(setImmediate)
    await this.#writer.perform('dropCollection', collection)
  }

  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (DocumentRow | undefined)[]> {
    return this.#reader.read(() => {
      const table = this.#tables.get(collection)
      return keys.map((key) => {
        const columns = table.get.get(branch, tenant, key)
        return columns === undefined ? undefined : documentRow(columns)
      })
    })
  }

  async list(query: DocumentQuery): Promise<DocumentPage> {
    const rows = isSearch(query)
      ? await this.#search(query)
      : await this.#reader.read(() => this.#select(query))
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    return {
      items: page.map(documentRow),
      next: rows.length > query.limit && last !== undefined ? placeOf(last) : undefined,
    }
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#reader.read(() => this.#tables.get(collection).count.get(branch, tenant) ?? 0)
  }

  /** One more than asked for: it says whether there is another page. */
  #select(query: DocumentQuery): readonly Columns[] {
    const table = this.#tables.get(query.collection)
    const index = chooseIndex(query, table, this.#isSelective(query, table))
    return selectRows(this.#pages, planPage(query, table.name, index), query.limit + 1)
  }

  async #search(query: SearchQuery): Promise<readonly Columns[]> {
    const { table, index } = await this.#reader.read(() => {
      const searched = this.#tables.get(query.collection)
      return { table: searched, index: selectiveIndex(query, searched, this.#isSelective(query, searched)) }
    })
    return this.#searches.find(query, table, index)
  }

  #isSelective(query: DocumentQuery, { name }: Table): IsSelective {
    return (filter, index) => {
      const { sql: text, parameters } = planProbe(query, name, index, filter)
      return (this.#probes.get(text).get(...parameters, fewDocuments) ?? 0) < fewDocuments
    }
  }
}
