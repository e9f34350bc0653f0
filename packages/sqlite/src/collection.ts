import { createHash } from 'node:crypto'
import { HeadwaterError } from '@headwater/core/errors'
import type { Database, Statement } from './database.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('collections')
const documents = statementsOf('documents')

/** A table's name that says whose it is; the digest tells apart what the letters don't (`a-b` and `a.b`). */
export function tableNameOf(collection: string): string {
  return `collection_${collection.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 40)}_${digestOf(collection)}`
}

/** The index of a path into the documents. */
export function indexNameOf(table: string, path: string): string {
  return `${table}_${digestOf(path)}`
}

/** The index that a table without rowids is: of branch, tenant and key. Named where SQLite would choose another. */
export function keyIndexOf(table: string): string {
  return `sqlite_autoindex_${table}_1`
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** A statement of `documents.sql` for one collection's table. */
export function collectionStatement(name: string, table: string): string {
  return documents(name).replaceAll('{collection}', `"${table}"`)
}

/** What one connection has prepared for each collection, as long as no table is made or dropped by anyone. */
export class Collections<Prepared> {
  readonly #find: Statement<[string], string>
  readonly #schemaVersion: Statement<[], number>
  readonly #prepare: (table: string) => Prepared
  readonly #prepared = new Map<string, Prepared>()
  #version: number | undefined

  constructor(database: Database, prepare: (table: string) => Prepared) {
    this.#find = database.prepare<[string], string>(sql('find')).pluck()
    this.#schemaVersion = database.prepare<[], number>('PRAGMA schema_version').pluck()
    this.#prepare = prepare
  }

  /** @throws HeadwaterError `view.unknown` */
  get(collection: string): Prepared {
    const prepared = this.find(collection)
    if (prepared === undefined)
      throw new HeadwaterError('view.unknown', `No collection ${collection} is defined`)
    return prepared
  }

  /** Undefined: there is no such collection. */
  find(collection: string): Prepared | undefined {
    const version = this.#schemaVersion.get()
    if (version !== this.#version) this.#prepared.clear()
    this.#version = version
    const known = this.#prepared.get(collection)
    if (known !== undefined) return known
    const table = this.#find.get(collection)
    if (table === undefined) return undefined
    const prepared = this.#prepare(table)
    this.#prepared.set(collection, prepared)
    return prepared
  }
}
