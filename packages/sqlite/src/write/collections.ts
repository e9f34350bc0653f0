import { Collections, collectionStatement, indexNameOf, tableNameOf } from '../collection.ts'
import type { Database, Statement } from '../database.ts'
import { valueAt } from '../path.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('collections')

/** The statements that write into one collection's table. */
export class CollectionTable {
  readonly name: string
  readonly insert: Statement
  readonly update: Statement
  readonly put: Statement
  readonly delete: Statement
  readonly deleteVersion: Statement
  readonly version: Statement<[number, string, string], number>

  constructor(database: Database, name: string) {
    this.name = name
    this.insert = database.prepare(collectionStatement('insert', name))
    this.update = database.prepare(collectionStatement('update', name))
    this.put = database.prepare(collectionStatement('put', name))
    this.delete = database.prepare(collectionStatement('delete', name))
    this.deleteVersion = database.prepare(collectionStatement('delete-version', name))
    this.version = database
      .prepare<[number, string, string], number>(collectionStatement('version', name))
      .pluck()
  }
}

/** Makes and drops the tables of collections. */
export class CollectionWriter {
  readonly #database: Database
  readonly #tables: Collections<CollectionTable>
  readonly #register: Statement
  readonly #forget: Statement

  constructor(database: Database) {
    this.#database = database
    this.#tables = new Collections(database, (table) => new CollectionTable(database, table))
    this.#register = database.prepare(sql('register'))
    this.#forget = database.prepare(sql('forget'))
  }

  /** Makes the table of a collection, and an index for each path, where it is missing. */
  define(collection: string, indexes: readonly string[]): void {
    const name = tableNameOf(collection)
    if (this.#tables.find(collection) === undefined) {
      this.#database.exec(collectionStatement('create', name))
      this.#register.run(collection, name)
    }
    for (const path of new Set(indexes)) {
      if (path === '$key') continue
      const index = indexNameOf(name, path)
      this.#database.exec(
        `CREATE INDEX IF NOT EXISTS "${index}" ON "${name}" (branch, tenant, ${valueAt(path)}, key)`,
      )
    }
  }

  drop(collection: string): void {
    const table = this.#tables.find(collection)
    if (table === undefined) return
    this.#database.exec(collectionStatement('drop', table.name))
    this.#forget.run(collection)
  }

  /** @throws HeadwaterError `view.unknown` */
  tableOf(collection: string): CollectionTable {
    return this.#tables.get(collection)
  }
}
