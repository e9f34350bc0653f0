import type { LogFeed } from '../log/feed.ts'
import type { Log } from '../log/port.ts'
import type { Moment } from '../message/moment.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { ListQuery, ReadOptions, ViewItem, ViewPage, ViewReader } from '../view/reader.ts'
import type { View } from '../view/view.ts'
import type { AroundReader } from './debug/around.ts'
import type { FirstAmendment } from './first-amendment.ts'
import { requireRecorded } from './recorded-moment.ts'
import type { ViewHistory } from './view-history/view-history.ts'
import type { ViewMoments } from './view-moments.ts'

export interface PastReaderParts {
  readonly log: Log
  readonly feed: LogFeed
  /** Undefined: none is kept, and every document is folded when it is asked for. */
  readonly history: ViewHistory | undefined
  readonly moments: ViewMoments
  readonly amendments: FirstAmendment
  /** Knows what was right before and right after an event. Default: the history, else two folds. */
  readonly around?: AroundReader
}

/** Reads a view as it is by another reader, and as it was by its history. */
export class PastReader<Document> implements ViewReader<Document>, AroundReader {
  readonly #view: View
  readonly #now: ViewReader<Document>
  readonly #parts: PastReaderParts

  constructor(view: View, now: ViewReader<Document>, parts: PastReaderParts) {
    this.#view = view
    this.#now = now
    this.#parts = parts
  }

  async get(key: string, options: ReadOptions = {}): Promise<ViewItem<Document> | undefined> {
    const { at } = options
    if (at === undefined) return this.#now.get(key, options)
    const { log, feed, moments } = this.#parts
    await requireRecorded(at, log, feed)
    const tenant = tenantNamed(options.tenant)
    const history = await this.#indexed(at)
    const item = history
      ? await history.find(tenant, key, at, options)
      : await (await moments.reader(this.#view, tenant, at)).get(key, { tenant })
    return item as ViewItem<Document> | undefined
  }

  async around(key: string, tenant: string, position: number): Promise<readonly [unknown, unknown]> {
    if (this.#parts.around !== undefined) return this.#parts.around.around(key, tenant, position)
    const history = await this.#indexed(position)
    if (history !== undefined) return history.around(tenant, key, position)
    const at = async (moment: number) => (await this.get(key, { tenant, at: moment }))?.doc ?? null
    return Promise.all([at(position - 1), at(position)])
  }

  /** The history, where it can tell of a moment. */
  async #indexed(at: Moment): Promise<ViewHistory | undefined> {
    const { history, amendments } = this.#parts
    if (history === undefined || history.knowsAmendments) return history
    return (await amendments.isAmendedBy(at)) ? undefined : history
  }

  async list(query: ListQuery = {}): Promise<ViewPage<Document>> {
    const { at, ...asked } = query
    if (at === undefined) return this.#now.list(query)
    const { log, feed, moments } = this.#parts
    await requireRecorded(at, log, feed)
    const reader = await moments.reader(this.#view, tenantNamed(query.tenant), at)
    return (await reader.list(asked)) as ViewPage<Document>
  }

  async *all(query: Omit<ListQuery, 'cursor'> = {}): AsyncGenerator<ViewItem<Document>> {
    let cursor: string | null = null
    do {
      const page: ViewPage<Document> = await this.list({ ...query, ...(cursor !== null && { cursor }) })
      yield* page.items
      cursor = page.cursor
    } while (cursor !== null)
  }
}
