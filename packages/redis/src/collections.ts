import { readerOf, sortableBytes, type ViewDocument } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { list, text, type Argument, type Connection } from './connection.ts'
import { member } from './members.ts'

/** What is known of a collection. */
export interface Collection {
  readonly name: string
  /** What the names of all its keys begin with. In a cluster they lie together, by what stands in braces. */
  readonly base: string
  readonly generation: string
  readonly isSearchable: boolean
  /** The numbers of the paths that have an index. */
  readonly indexes: ReadonlyMap<string, number>
}

/** Where the documents of a tenant are, on a branch. */
export function placeOf(branch: number, tenant: string): string {
  return `${branch}:${tenant}`
}

export function baseOf(prefix: string, collection: string): string {
  return `${prefix}{${collection}}:`
}

/** What this process knew of a collection is not so any more. */
export class OutdatedCollection extends Error {}

/** The collections of one database, as far as this process has heard of them. */
export class Collections {
  readonly #connection: Connection
  readonly #prefix: string
  readonly #known = new Map<string, Collection>()

  constructor(connection: Connection, prefix: string) {
    this.#connection = connection
    this.#prefix = prefix
  }

  /**
   * Does something with a collection; once more, if it turns out to be another one than this process knew.
   *
   * @throws HeadwaterError `view.unknown`
   */
  async use<Result>(name: string, work: (collection: Collection) => Promise<Result>): Promise<Result> {
    const known = this.#known.get(name)
    if (known !== undefined && (await this.#isCurrent(known))) {
      try {
        return await work(known)
      } catch (error) {
        if (!(error instanceof OutdatedCollection)) throw error
      }
    }
    return work(await this.load(name))
  }

  /** @throws HeadwaterError `view.unknown` */
  async load(name: string): Promise<Collection> {
    this.#known.delete(name)
    const base = baseOf(this.#prefix, name)
    const answer = list(await this.#connection.ask('HGETALL', `${base}collection`)).map(
      (part) => text(part) ?? '',
    )
    const fields = new Map<string, string>()
    for (let index = 0; index < answer.length; index += 2)
      fields.set(answer[index] ?? '', answer[index + 1] ?? '')
    const generation = fields.get('generation')
    if (generation === undefined) throw new HeadwaterError('view.unknown', `No collection ${name} is defined`)
    const indexes = [...fields].flatMap(([field, number]) =>
      field.startsWith('index:') ? [[field.slice('index:'.length), Number(number)] as const] : [],
    )
    const collection = {
      name,
      base,
      generation,
      isSearchable: fields.get('searchable') === '1',
      indexes: new Map(indexes),
    }
    this.#known.set(name, collection)
    return collection
  }

  async #isCurrent({ base, generation }: Collection): Promise<boolean> {
    return text(await this.#connection.ask('HGET', `${base}collection`, 'generation')) === generation
  }
}

/** What leads to a document: pairs of a set and a member. */
export function entriesOf(
  { indexes, isSearchable }: Collection,
  { key, document }: Pick<ViewDocument, 'key' | 'document'>,
  words: string,
): readonly Argument[] {
  const entries: Argument[] = []
  if (indexes.size > 0) {
    const read = readerOf({ key, document })
    for (const [path, number] of indexes) {
      const value = sortableBytes(read(path))
      entries.push(`up:${number}`, member(value, key, false), `down:${number}`, member(value, key, true))
    }
  }
  if (isSearchable) {
    for (const word of new Set(words.split(' ')))
      if (word !== '') entries.push('words', Buffer.from(`${word}\u0000${key}`))
  }
  return entries
}
