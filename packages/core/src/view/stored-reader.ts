import type { PayloadCodec } from '../message/codec.ts'
import { mainBranch } from '../log/port.ts'
import type { DocumentRow, Documents } from '../log/store.ts'
import { encodeCursor, parseQuery } from './query.ts'
import type { ListQuery, ReadOptions, ViewItem, ViewPage, ViewReader } from './reader.ts'
import type { View } from './view.ts'

/** Brings a view to a position, or waits until it is there. */
export type ReachPosition = (position: number, options: ReadOptions) => Promise<void>

/** Reads documents from a store: that of an asynchronous, an inline or, in memory, a live view. */
export class StoredViewReader<Document> implements ViewReader<Document> {
  readonly #view: View
  readonly #collection: string
  readonly #documents: Documents
  readonly #codec: PayloadCodec
  readonly #reach: ReachPosition

  constructor(
    view: View,
    collection: string,
    documents: Documents,
    codec: PayloadCodec,
    reach: ReachPosition,
  ) {
    this.#view = view
    this.#collection = collection
    this.#documents = documents
    this.#codec = codec
    this.#reach = reach
  }

  async get(key: string, options: ReadOptions = {}): Promise<ViewItem<Document> | undefined> {
    await this.#reach(options.waitFor ?? 0, options)
    const [row] = await this.#documents.get(this.#collection, mainBranch, options.tenant ?? '', [key])
    return row === undefined ? undefined : this.#item(row)
  }

  async list(query: ListQuery = {}): Promise<ViewPage<Document>> {
    const { filters, sort, limit, after } = parseQuery(query)
    await this.#reach(query.waitFor ?? 0, query)
    const page = await this.#documents.list({
      collection: this.#collection,
      branch: mainBranch,
      tenant: query.tenant ?? '',
      filters,
      sort,
      limit,
      after,
    })
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

  #item({ key, document, position }: DocumentRow): ViewItem<Document> {
    return { key, doc: this.#codec.decode('document', this.#view.name, 1, document) as Document, position }
  }
}
