import { jsonCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import { valueAt } from '../log/filter.ts'
import type { LogFeed } from '../log/feed.ts'
import { comparePlaces } from '../log/scan.ts'
import type { DocumentRow, Scalar, Sort } from '../log/store.ts'
import { encodeCursor, parseQuery, type ParsedQuery } from '../view/query.ts'
import type { ListQuery, ReadOptions, ViewItem, ViewPage, ViewReader } from '../view/reader.ts'
import type { View } from '../view/view.ts'
import type { OverlayView } from './overlay-view.ts'

const readTimeLimit = 5_000

/** A document, and the place where the order puts it: the values of the sort's paths, then the key. */
interface Placed {
  readonly item: ViewItem<unknown>
  readonly place: readonly Scalar[]
}

/** Reads a view on a branch: of the keys that differ the branch's documents, of the others those of the past. */
export class OverlayReader implements ViewReader<unknown> {
  readonly #view: View
  readonly #overlay: OverlayView
  readonly #past: ViewReader<unknown>
  readonly #feed: LogFeed

  /** @param past the view as it was where the branch begins, of the branch's tenant */
  constructor(view: View, overlay: OverlayView, past: ViewReader<unknown>, feed: LogFeed) {
    this.#view = view
    this.#overlay = overlay
    this.#past = past
    this.#feed = feed
  }

  async get(key: string, options: ReadOptions = {}): Promise<ViewItem<unknown> | undefined> {
    await this.#reach(options)
    if (!this.#overlay.has(key)) return this.#past.get(key)
    const row = await this.#overlay.get(key)
    return row && this.#item(row)
  }

  async list(query: ListQuery = {}): Promise<ViewPage<unknown>> {
    const parsed = parseQuery(query, this.#view)
    await this.#reach(query)
    const { sort, limit } = parsed
    const [own, others] = await Promise.all([this.#own(parsed), this.#others(query, parsed)])
    const placed = [...own, ...others].sort((one, other) => comparePlaces(one.place, other.place, sort))
    const last = placed[limit - 1]
    const cursor = placed.length > limit && last !== undefined ? encodeCursor(last.place, sort) : null
    return { items: placed.slice(0, limit).map(({ item }) => item), cursor }
  }

  async *all(query: Omit<ListQuery, 'cursor'> = {}): AsyncGenerator<ViewItem<unknown>> {
    let cursor: string | null = null
    do {
      const page: ViewPage<unknown> = await this.list({ ...query, ...(cursor !== null && { cursor }) })
      yield* page.items
      cursor = page.cursor
    } while (cursor !== null)
  }

  /** One more than the page holds: it says whether there is another one. */
  async #own({ filters, search, sort, limit, after }: ParsedQuery): Promise<readonly Placed[]> {
    const asked = { filters, ...(search !== undefined && { search }), sort, limit: limit + 1, after }
    const { items } = await this.#overlay.list(asked)
    return items.map((row) => placed(this.#item(row), sort))
  }

  async #others(query: ListQuery, { sort, limit }: ParsedQuery): Promise<readonly Placed[]> {
    const { waitFor: _waitFor, tenant: _tenant, cursor: from, ...asked } = query
    const found: Placed[] = []
    let cursor = from ?? null
    do {
      const page: ViewPage<unknown> = await this.#past.list({ ...asked, ...(cursor !== null && { cursor }) })
      for (const item of page.items) if (!this.#overlay.has(item.key)) found.push(placed(item, sort))
      cursor = page.cursor
    } while (cursor !== null && found.length <= limit)
    return found.slice(0, limit + 1)
  }

  async #reach({ waitFor = 0, timeLimit = readTimeLimit, signal: given }: ReadOptions): Promise<void> {
    const late = AbortSignal.timeout(timeLimit)
    const signal = given === undefined ? late : AbortSignal.any([late, given])
    // The head that this process knows is at most a moment behind what others record on the branch.
    while (this.#feed.head < waitFor && !signal.aborted) await this.#feed.wait(this.#feed.head, signal)
    if (this.#feed.head < waitFor) {
      const message = `${this.#view.name} did not reach position ${waitFor} within ${timeLimit} ms`
      throw new HeadwaterError('view.wait-timeout', message)
    }
    await this.#overlay.catchUp()
  }

  #item({ key, document, position }: DocumentRow): ViewItem<unknown> {
    return { key, doc: jsonCodec.decode('document', this.#view.name, 1, document), position }
  }
}

function placed(item: ViewItem<unknown>, sort: readonly Sort[]): Placed {
  const values = sort.map(({ path }) => (path === '$key' ? item.key : valueAt(item.doc, path)))
  return { item, place: [...values, item.key] }
}
