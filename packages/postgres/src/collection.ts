import { HeadwaterError } from '@headwater/core/errors'
import { createHash } from 'node:crypto'
import type { Database, Session } from './database.ts'
import { codeOf } from './errors.ts'
import { quoted } from './schema.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('collections')

export interface Collection {
  readonly table: string
  readonly isSearchable: boolean
}

/** The statement of `collections.sql` for a collection's table. */
export function collectionStatement(name: string, table: string): string {
  return sql(name)
    .replaceAll('{collection}', quoted(table))
    .replaceAll('{words}', quoted(wordsOf(table)))
}

/** The table of the words of a searchable collection. */
export function wordsOf(table: string): string {
  return `${table}_words`
}

/** What the name of a collection's table begins with: it says whose it is. */
export function tableNameOf(collection: string): string {
  const letters = collection.toLowerCase().replace(/[^a-z0-9]+/g, '_')
  return `collection_${letters.slice(0, 20)}`
}

/** The index of a path into the documents. */
export function indexNameOf(table: string, path: string): string {
  return `${table}_${createHash('sha256').update(path).digest('hex').slice(0, 12)}`
}

export async function findCollection(session: Session, name: string): Promise<Collection | undefined> {
  const find = { name: 'find-collection', text: sql('find') }
  const { rows } = await session.run<[string, boolean]>(find, [name])
  const [table, isSearchable] = rows[0] ?? []
  return table === undefined ? undefined : { table, isSearchable: isSearchable === true }
}

/** Where collections are, as this process knows it: another one may drop them, make them anew and make them searchable. */
export class Collections {
  readonly #database: Database
  readonly #known = new Map<string, Collection>()

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Does something with a collection; once more, if it turns out that its table is gone.
   *
   * @throws HeadwaterError `view.unknown`
   */
  async use<Result>(name: string, work: (collection: Collection) => Promise<Result>): Promise<Result> {
    const known = this.#known.get(name)
    if (known !== undefined) {
      try {
        return await work(known)
      } catch (error) {
        if (!isTableMissing(error)) throw error
      }
    }
    const collection = await this.#load(name)
    try {
      return await work(collection)
    } catch (error) {
      throw isTableMissing(error) ? unknown(name) : error
    }
  }

  /** The same with a collection that has to be searchable, which another process may have made of it. */
  useSearchable<Result>(name: string, work: (collection: Collection) => Promise<Result>): Promise<Result> {
    if (this.#known.get(name)?.isSearchable === false) this.forget(name)
    return this.use(name, (collection) => {
      if (collection.isSearchable) return work(collection)
      throw new HeadwaterError('view.invalid-query', `The collection ${name} is not searchable`)
    })
  }

  forget(name: string): void {
    this.#known.delete(name)
  }

  async #load(name: string): Promise<Collection> {
    this.forget(name)
    const collection = await findCollection(this.#database, name)
    if (collection === undefined) throw unknown(name)
    this.#known.set(name, collection)
    return collection
  }
}

export function isTableMissing(error: unknown): boolean {
  return codeOf(error) === '42P01'
}

export function unknown(name: string): HeadwaterError {
  return new HeadwaterError('view.unknown', `No collection ${name} is defined`)
}
