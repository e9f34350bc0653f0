import { isHeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { tenantNamed } from '../message/tenant.ts'
import { mainBranch } from '../log/port.ts'
import type { DocumentRow, Documents } from '../log/store.ts'
import { encodeCursor, parseQuery } from './query.ts'
import type { ListQuery, ReadOptions, ViewItem, ViewPage, ViewReader } from './reader.ts'
import type { View } from './view.ts'

/** Which documents are read. */
export interface ReadSource {
  /** The collection that is read now. */
  collection(): string
  /** Brings the view to a position, or waits until it is there. */
  reach(position: number, options: ReadOptions): Promise<void>
  /** Asks which collection there is: the one that was read is gone. */
  refresh(): Promise<unknown>
}

/** Reads documents from a store: that of an asynchronous, an inline or, in memory, a live view. */
export class StoredViewReader<Document> implements ViewReader<Document> {
  readonly #view: View
  readonly #source: ReadSource
  readonly #documents: Documents
  readonly #codec: PayloadCodec

  constructor(view: View, source: ReadSource, documents: Documents, codec: PayloadCodec) {
    this.#view = view
    this.#source = source
    this.#documents = documents
    this.#codec = codec
  }

  async get(key: string, options: ReadOptions = {}): Promise<ViewItem<Document> | undefined> {
    await this.#source.reach(options.waitFor ?? 0, options)
    const tenant = tenantNamed(options.tenant)
    const [row] = await this.#read((collection) => this.#documents.get(collection, mainBranch, tenant, [key]))
    return row === undefined ? undefined : this.#item(row)
  }

  async list(query: ListQuery = {}): Promise<ViewPage<Document>> {
    const { filters, search, sort, limit, after } = parseQuery(query, this.#view)
    await this.#source.reach(query.waitFor ?? 0, query)
    const asked = {
      branch: mainBranch,
      tenant: tenantNamed(query.tenant),
      filters,
      ...(search !== undefined && { search }),
      sort,
      limit,
      after,
    }
    const page = await this.#read((collection) => this.#documents.list({ ...asked, collection }))
    const cursor = page.next === undefined ? null : encodeCursor(page.next, sort)
    return { items: page.items.map((row) => this.#item(row)), cursor }
  }

  async *all(query: Omit<ListQuery, 'cursor'> = {}): AsyncGenerator<ViewItem<Document>> {
    let cursor: string | null = null
    do {
      const page: ViewPage<Document> = await this.list({ ...query, ...(cursor !== null && { cursor }) })
      yield* page.items
      cursor = page.cursor
    } while (cursor !== null)
  }

  /** Another process may have switched to another version and dropped this one, before it was known here. */
  async #read<Result>(read: (collection: string) => Promise<Result>): Promise<Result> {
    const collection = this.#source.collection()
    try {
      return await read(collection)
    } catch (error) {
      if (!isHeadwaterError(error, 'view.unknown')) throw error
      await this.#source.refresh()
      if (this.#source.collection() === collection) throw error
      return read(this.#source.collection())
    }
  }

  #item({ key, document, position }: DocumentRow): ViewItem<Document> {
    return { key, doc: this.#codec.decode('document', this.#view.name, 1, document) as Document, position }
  }
}
