import { amendedType } from '../amend/amendment.ts'
import { jsonCodec } from '../message/codec.ts'
import { memoryStore } from '../log/memory/store.ts'
import { LogFeed } from '../log/feed.ts'
import { mainBranch } from '../log/port.ts'
import type { RunnerParts } from '../process/runner.ts'
import { LiveView } from '../view/live.ts'
import type { ListQuery, ViewItem, ViewPage, ViewReader } from '../view/reader.ts'
import { StoredViewReader } from '../view/stored-reader.ts'
import type { View } from '../view/view.ts'
import { logUpTo } from './log-up-to.ts'

export interface MainPastParts extends Pick<RunnerParts, 'store' | 'onError' | 'clock'> {
  readonly decode: ConstructorParameters<typeof LogFeed>[1]
  /** The last position of main that this process knows of. */
  readonly head: () => number
  readonly position: number
  readonly tenant: string
}

/**
 * A view of main as it was at a position. Documents that have not changed since are read as they are; only those that have
 * are looked for in the past.
 */
export class MainPast implements ViewReader<unknown> {
  readonly #view: View
  readonly #now: ViewReader<unknown>
  readonly #parts: MainPastParts
  readonly #types: readonly string[]
  /** Up to here main recorded nothing that the view could show. */
  #unmovedTo: number
  #hasMoved = false
  /** Up to here main said nothing of its past. */
  #unamendedTo: number
  #isAmended = false
  #then: ViewReader<unknown> | undefined

  /** @param now reads the view as it is */
  constructor(view: View, now: ViewReader<unknown>, parts: MainPastParts) {
    this.#view = view
    this.#now = now
    this.#parts = parts
    this.#types = [...view.events.map(({ type }) => type), amendedType]
    this.#unmovedTo = parts.position
    this.#unamendedTo = parts.position
  }

  async get(key: string): Promise<ViewItem<unknown> | undefined> {
    const { tenant, position } = this.#parts
    const item = await this.#now.get(key, { tenant, waitFor: position })
    const isOld = item === undefined ? !(await this.#moved()) : item.position <= position
    // What was amended later may have been folded anew from events that are all old.
    if (isOld && !(await this.#amended())) return item
    return this.#now.get(key, { tenant, at: position })
  }

  async list(query: ListQuery = {}): Promise<ViewPage<unknown>> {
    const { tenant, position } = this.#parts
    if (!this.#hasMoved) {
      const page = await this.#now.list({ ...query, tenant, waitFor: position })
      if (!(await this.#moved())) return page
    }
    return this.#asItWas().list({ ...query, tenant })
  }

  all(query: Omit<ListQuery, 'cursor'> = {}): AsyncIterable<ViewItem<unknown>> {
    return this.#asItWas().all({ ...query, tenant: this.#parts.tenant })
  }

  /** Whether main has recorded something since that the view may show. */
  async #moved(): Promise<boolean> {
    const { store, tenant } = this.#parts
    while (!this.#hasMoved) {
      const after = this.#unmovedTo
      const page = await store.log.read({ branch: mainBranch, tenant, after, limit: 1, types: this.#types })
      this.#hasMoved = page.events.length > 0
      if (!this.#hasMoved) this.#unmovedTo = page.scannedTo
      if (page.scannedTo >= page.head) break
    }
    return this.#hasMoved
  }

  /** Whether main has said something of its past since; looked at only when it has gone on. */
  async #amended(): Promise<boolean> {
    const { store, tenant, head } = this.#parts
    while (!this.#isAmended && this.#unamendedTo < head()) {
      const query = { branch: mainBranch, tenant, after: this.#unamendedTo, limit: 1 }
      const page = await store.log.read({ ...query, types: [amendedType] })
      this.#isAmended = page.events.length > 0
      if (!this.#isAmended) this.#unamendedTo = page.scannedTo
    }
    return this.#isAmended
  }

  /** Folded into memory, once. */
  #asItWas(): ViewReader<unknown> {
    if (this.#then !== undefined) return this.#then
    const { decode, position, onError, clock } = this.#parts
    const store = { ...this.#parts.store, log: logUpTo(this.#parts.store.log, () => position) }
    const feed = new LogFeed(store.log, decode, position, (error) => onError(error, {}))
    const memory = memoryStore()
    const collection = `${this.#view.name}@past`
    const live = new LiveView(this.#view, collection, memory, { store, feed, onError, clock })
    const source = {
      collection: () => collection,
      reach: () => live.catchUp(),
      refresh: async () => undefined,
    }
    return (this.#then = new StoredViewReader(this.#view, source, memory.documents, jsonCodec))
  }
}
