import {
  outOfTurn,
  pageOf,
  type Checkpoint,
  type DocumentQuery,
  type ViewCommit,
  type ViewDocument,
  type ViewDocumentPage,
  type ViewStore,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { candidatesOf } from './candidates.ts'
import {
  baseOf,
  Collections,
  entriesOf,
  OutdatedCollection,
  placeOf,
  type Collection,
} from './collections.ts'
import { buffer, list, text, type Argument, type Connection } from './connection.ts'
import { contentIn, contentOf } from './content.ts'
import { addEntriesScript, commitScript, defineScript } from './scripts.ts'

const keysAtOnce = 1_000

export class RedisViewStore implements ViewStore {
  readonly name: string
  /** Redis does nothing else while it commits: a few milliseconds. */
  readonly largestCommit = { documents: 1_000, bytes: 2 * 1024 * 1024 }
  readonly #connection: Connection
  readonly #prefix: string
  readonly #mostScanned: number
  readonly #collections: Collections

  constructor(
    name: string,
    connection: Connection,
    { prefix, mostScanned }: { readonly prefix: string; readonly mostScanned: number },
  ) {
    this.name = name
    this.#connection = connection
    this.#prefix = prefix
    this.#mostScanned = mostScanned
    this.#collections = new Collections(connection, prefix)
  }

  async define(collection: string, indexes: readonly string[], isSearchable = false): Promise<void> {
    const base = baseOf(this.#prefix, collection)
    const wanted = [...new Set(indexes)].filter((path) => path !== '$key')
    const keys = [`${base}collection`, `${base}all`]
    const extended = await this.#run(defineScript, keys, [isSearchable ? '1' : '0', ...wanted])
    const known = await this.#collections.load(collection)
    if (Number(extended) === 1) await this.#fillIn(known)
  }

  /** What was written before an index was there has no place in it yet. */
  async #fillIn(collection: Collection): Promise<void> {
    const beginning = `${collection.base}documents:`
    const names = list(await this.#connection.ask('SMEMBERS', `${collection.base}all`)).map(
      (one) => text(one) ?? '',
    )
    for (const name of names.filter((one) => one.startsWith(beginning))) {
      let cursor = '0'
      do {
        const [next, found] = list(await this.#connection.ask('HSCAN', name, cursor, 'COUNT', keysAtOnce))
        cursor = text(next) ?? '0'
        await this.#fillInSome(collection, name.slice(beginning.length), list(found))
      } while (cursor !== '0')
    }
  }

  async #fillInSome(collection: Collection, place: string, found: readonly unknown[]): Promise<void> {
    for (let index = 0; index < found.length; index += 2) {
      const key = text(found[index]) ?? ''
      const stored = buffer(found[index + 1])
      if (stored === undefined) continue
      const entries = entriesOf(collection, contentIn(key, stored).document, '')
      const given = [collection.base, place, key, stored, ...entries]
      if (entries.length > 0) await this.#run(addEntriesScript, [`${collection.base}all`], given)
    }
  }

  async drop(collection: string): Promise<void> {
    const base = baseOf(this.#prefix, collection)
    // First it is gone for everybody, then what it held.
    const names = list(await this.#connection.ask('SMEMBERS', `${base}all`)).map((one) => text(one) ?? '')
    await this.#connection.ask('UNLINK', `${base}collection`)
    for (let from = 0; from < names.length; from += keysAtOnce)
      await this.#connection.ask('UNLINK', ...names.slice(from, from + keysAtOnce))
    await this.#connection.ask('UNLINK', `${base}all`)
  }

  get(
    collection: string,
    branch: number,
    tenant: string,
    keys: readonly string[],
  ): Promise<readonly (ViewDocument | undefined)[]> {
    return this.#collections.use(collection, async ({ base }) => {
      const found: (ViewDocument | undefined)[] = []
      for (let from = 0; from < keys.length; from += keysAtOnce) {
        const some = keys.slice(from, from + keysAtOnce)
        const stored = list(
          await this.#connection.ask('HMGET', `${base}documents:${placeOf(branch, tenant)}`, ...some),
        )
        for (const [index, key] of some.entries()) {
          const content = buffer(stored[index])
          found.push(content && contentIn(key, content).document)
        }
      }
      return found
    })
  }

  list(query: DocumentQuery): Promise<ViewDocumentPage> {
    return this.#collections.use(query.collection, async (collection) => {
      const most = this.#mostScanned
      return pageOf(query, await candidatesOf(this.#connection, collection, query, most), most)
    })
  }

  count(collection: string, branch: number, tenant: string): Promise<number> {
    return this.#collections.use(collection, async ({ base }) =>
      Number(await this.#connection.ask('HLEN', `${base}documents:${placeOf(branch, tenant)}`)),
    )
  }

  position(collection: string, branch: number): Promise<Checkpoint | undefined> {
    return this.#collections.use(collection, async ({ base }) => {
      const answer = await this.#connection.ask(
        'HMGET',
        `${base}position:${branch}`,
        'epoch',
        'position',
        'event',
      )
      const [epoch, position, event] = list(answer).map(text)
      if (epoch === undefined || position === undefined) return undefined
      return {
        epoch,
        position: Number(position),
        eventId: event === undefined || event === '' ? null : event,
      }
    })
  }

  commit(commit: ViewCommit): Promise<void> {
    return this.#collections.use(commit.collection, async (collection) => {
      const { base, generation } = collection
      const { branch, from, token, checkpoint } = commit
      const documents = commit.documents.flatMap((write): readonly Argument[] => {
        const place = placeOf(branch, write.tenant)
        if (write.document === null) return [place, write.key, '', 0]
        const entries = entriesOf(collection, { key: write.key, document: write.document }, write.words ?? '')
        return [place, write.key, contentOf(write), entries.length / 2, ...entries]
      })
      const keys = [`${base}collection`, `${base}position:${branch}`, `${base}all`]
      const head = [
        base,
        generation,
        from ?? '',
        token,
        checkpoint.epoch,
        checkpoint.position,
        checkpoint.eventId ?? '',
      ]
      const outcome = text(await this.#run(commitScript, keys, [...head, ...documents]))
      if (outcome === 'unknown' || outcome === 'outdated') throw new OutdatedCollection(commit.collection)
      if (outcome === 'fenced') throw outOfTurn(commit)
      if (outcome !== 'written') throw new HeadwaterError('view.store-refused', `${this.name}: ${outcome}`)
    })
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  #run(script: string, keys: readonly string[], given: readonly Argument[]): Promise<unknown> {
    return this.#connection.ask('EVAL', script, keys.length, ...keys, ...given)
  }
}
