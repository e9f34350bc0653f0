import { Collections, collectionStatement, indexNameOf, tableNameOf } from '../collection.ts'
import type { Database, Statement } from '../database.ts'
import { valueAt } from '../path.ts'
import { statementsOf } from '../sql.ts'
import { isSearchable, wordsStatement } from '../words.ts'
import { WordsTable } from './words.ts'

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
  readonly isLarge: Statement
  readonly shrink: Statement
  readonly ofBranch: Statement<[number], [string, string]>
  /** Undefined: it is not searchable. */
  readonly words: WordsTable | undefined

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
    this.isLarge = database.prepare(collectionStatement('is-large', name))
    this.shrink = database.prepare(collectionStatement('shrink', name))
    this.ofBranch = database.prepare<[number], [string, string]>(collectionStatement('of-branch', name)).raw()
    this.words = isSearchable(database, name) ? new WordsTable(database, name) : undefined
  }
}

/** Makes and drops the tables of collections. */
export class CollectionWriter {
  readonly #database: Database
  readonly #tables: Collections<CollectionTable>
  readonly #register: Statement
  readonly #forget: Statement
  readonly #all: Statement<[], string>

  constructor(database: Database) {
    this.#database = database
    this.#tables = new Collections(database, (table) => new CollectionTable(database, table))
    this.#register = database.prepare(sql('register'))
    this.#forget = database.prepare(sql('forget'))
    this.#all = database.prepare<[], string>(sql('all')).pluck()
  }

  /** Makes the table of a collection, an index for each path, and that of words, where they are missing. */
  define(collection: string, indexes: readonly string[], searchable: boolean): void {
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
    if (searchable && !isSearchable(this.#database, name)) this.#database.exec(wordsStatement('create', name))
  }

  /**
   * Deletes some documents of a large collection, before it is dropped: dropping a table holds up the thread for as long as
   * it is large.
   *
   * @returns whether there may be more to delete; false: it is small enough
   */
  shrink(collection: string): boolean {
    const table = this.#tables.find(collection)
    if (table?.isLarge.get() === undefined) return false
    table.shrink.run()
    return true
  }

  /** Deletes some documents of a branch; gives how many. */
  shrinkBranch(branch: number): number {
    for (const collection of this.#all.all()) {
      const table = this.tableOf(collection)
      const documents = table.ofBranch.all(branch)
      for (const [tenant, key] of documents) {
        table.delete.run(branch, tenant, key)
        table.words?.forget(branch, tenant, key)
      }
      if (documents.length > 0) return documents.length
    }
    return 0
  }

  drop(collection: string): void {
    const table = this.#tables.find(collection)
    if (table === undefined) return
    this.#database.exec(wordsStatement('drop', table.name))
    this.#database.exec(collectionStatement('drop', table.name))
    this.#forget.run(collection)
  }

  /** @throws HeadwaterError `view.unknown` */
  tableOf(collection: string): CollectionTable {
    return this.#tables.get(collection)
  }
}
