import type { DocumentPage, DocumentQuery, DocumentRow, Documents, Filter, Scalar } from '@headwater/core'
import { Collections, collectionStatement } from './collection.ts'
import type { Database, Statement } from './database.ts'
import { chooseIndex, fewDocuments } from './document-index.ts'
import { planPage, planProbe } from './document-query.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import { rowStatements, type Statements, valueStatements } from './statements.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('collections')

type Columns = [
  key: string,
  document: string | Buffer,
  position: number,
  version: number,
  ...sorted: (string | null)[],
]

class Table {
  readonly name: string
  readonly get: Statement<[number, string, string], Columns>
  readonly count: Statement<[number, string], number>
  readonly indexes: ReadonlySet<string>

  constructor(database: Database, name: string) {
    this.name = name
    this.get = database.prepare<[number, string, string], Columns>(collectionStatement('get', name)).raw()
    this.count = database.prepare<[number, string], number>(collectionStatement('count', name)).pluck()
    this.indexes = new Set(database.prepare<[string], string>(sql('indexes')).pluck().all(name))
  }
}

export class SqliteDocuments implements Documents {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #tables: Collections<Table>
  readonly #pages: Statements<Columns>
  readonly #probes: Statements<number>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#tables = new Collections(reader.database, (name) => new Table(reader.database, name))
    this.#pages = rowStatements(reader.database)
    this.#probes = valueStatements(reader.database)
  }

  define(collection: string, indexes: readonly string[]): Promise<void> {
    return this.#writer.perform('defineCollection', collection, indexes)
  }

  drop(collection: string): Promise<void> {
    return this.#writer.perform('dropCollection', collection)
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

  list(query: DocumentQuery): Promise<DocumentPage> {
    return this.#reader.read(() => {
      const rows = this.#select(query, this.#tables.get(query.collection))
      const page = rows.slice(0, query.limit)
      const last = page.at(-1)
      return {
        items: page.map(documentRow),
        next: rows.length > query.limit && last !== undefined ? cursorOf(last) : undefined,
      }
    })
  }

  /** One more than asked for: it says whether there is another page. */
  #select(query: DocumentQuery, table: Table): Columns[] {
    const index = chooseIndex(query, table, (filter, candidate) =>
      this.#isSelective(query, table, filter, candidate),
    )
    const rows: Columns[] = []
    for (const { sql: text, parameters } of planPage(query, table.name, index)) {
      const missing = query.limit + 1 - rows.length
      if (missing <= 0) break
      rows.push(...this.#pages.get(text).all(...parameters, missing))
    }
    return rows
  }

  #isSelective(query: DocumentQuery, table: Table, filter: Filter, index: string): boolean {
    const { sql: text, parameters } = planProbe(query, table.name, index, filter)
    return (this.#probes.get(text).get(...parameters, fewDocuments) ?? 0) < fewDocuments
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#reader.read(() => this.#tables.get(collection).count.get(branch, tenant) ?? 0)
  }
}

function documentRow([key, document, position, version]: Columns): DocumentRow {
  return { key, document: encoded(document), position, version }
}

/** The values by which the page was sorted, then the key. An array or an object counts as its text. */
function cursorOf([key, , , , ...sorted]: Columns): readonly Scalar[] {
  const values = sorted.map((text): Scalar => {
    const value: unknown = text === null ? null : JSON.parse(text)
    return typeof value === 'object' && value !== null ? text : (value as Scalar)
  })
  return [...values, key]
}
