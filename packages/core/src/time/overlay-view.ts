import { amendedType } from '../amend/amendment.ts'
import { jsonCodec } from '../message/codec.ts'
import type { Clock } from '../log/clock.ts'
import type { LogFeed } from '../log/feed.ts'
import { memoryStore } from '../log/memory/store.ts'
import { type EventRow, type Log, mainBranch } from '../log/port.ts'
import { allSlots } from '../log/slots.ts'
import type { DocumentQuery, DocumentPage, DocumentRow, Documents, Store } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import { ParkedSequences } from '../process/parked-sequences.ts'
import { wholeScope } from '../process/scope.ts'
import { turn } from '../process/turns.ts'
import type { ViewItem } from '../view/reader.ts'
import type { View } from '../view/view.ts'
import { ViewWork } from '../view/view-work.ts'
import { IndexedRefolder } from './indexed-refolder.ts'
import { logUpTo } from './log-up-to.ts'
import type { PastDocuments } from './view-history/past-documents.ts'

const pageSize = 1_000

export interface OverlayParts {
  /** Of the branch. */
  readonly log: Log
  readonly feed: LogFeed
  /** Events beyond this position are folded here; up to it the past has them. */
  readonly base: number
  readonly tenant: string
  /** The document of a key as of the base. */
  readonly past: (key: string) => Promise<ViewItem<unknown> | undefined>
  /** How documents stood before the base; undefined: that can't be told. */
  readonly history: () => Promise<PastDocuments | undefined>
  readonly onError: ErrorHook
  readonly clock: Clock
  /** How far to fold; default: all of the branch. It may grow. */
  readonly upTo?: () => number
}

/**
 * What a branch makes of a view: the documents of the keys that its own events concern, in memory, each folded on from how it
 * was where the branch begins. Of all other keys the past knows.
 */
export class OverlayView {
  readonly #view: View
  readonly #parts: OverlayParts
  readonly #work: ViewWork
  readonly #memory: Store = memoryStore()
  readonly #collection: string
  readonly #types: ReadonlySet<string>
  /** Keys that differ, also those whose document is gone. */
  readonly #touched = new Set<string>()
  #position: number
  #isBegun = false
  #isStuck = false
  #catchingUp: Promise<void> | undefined

  constructor(view: View, parts: OverlayParts) {
    this.#view = view
    this.#parts = parts
    this.#position = parts.base
    this.#collection = `${view.name}@branch`
    this.#types = new Set([...view.events.map(({ type }) => type), amendedType])
    const { feed, base, history, onError, clock, upTo } = parts
    const log = upTo === undefined ? parts.log : logUpTo(parts.log, upTo)
    const documents = { get: this.#before }
    const source = { log, decode: (row: EventRow) => feed.decode(row) }
    const indexed = { ...source, base, past: history, turn }
    this.#work = new ViewWork(
      view,
      {
        processor: view.name,
        collection: this.#collection,
        documents,
        source,
        amendedTo: base,
        refolding: (whole) => new IndexedRefolder(view, indexed, whole),
        codec: jsonCodec,
        onError,
        clock,
      },
      wholeScope,
    )
  }

  /** Up to here the branch's events are in it. */
  get position(): number {
    return this.#position
  }

  /** Whether an event could not be folded, so that what follows for its key waits. */
  get isStuck(): boolean {
    return this.#isStuck
  }

  has(key: string): boolean {
    return this.#touched.has(key)
  }

  async get(key: string): Promise<DocumentRow | undefined> {
    const { documents } = this.#memory
    const [row] = await documents.get(this.#collection, mainBranch, this.#parts.tenant, [key])
    return row
  }

  /** A document as it stands; null: there is none. */
  async document(key: string): Promise<unknown> {
    const row = await this.get(key)
    return row === undefined ? null : jsonCodec.decode('document', this.#view.name, 1, row.document)
  }

  list(query: Omit<DocumentQuery, 'collection' | 'branch' | 'tenant'>): Promise<DocumentPage> {
    const { tenant } = this.#parts
    return this.#memory.documents.list({ ...query, collection: this.#collection, branch: mainBranch, tenant })
  }

  /** Folds everything up to the end of the branch. Concurrent readers share one pass. */
  async catchUp(): Promise<void> {
    // A pass under way may have begun before the caller's last append: only one that begins now has it for sure.
    await this.#catchingUp
    this.#catchingUp ??= this.#fold().finally(() => {
      this.#catchingUp = undefined
    })
    await this.#catchingUp
  }

  /** The documents on which the branch's events are folded: those that differ already, else those of the past. */
  readonly #before: Documents['get'] = async (collection, branch, tenant, keys) => {
    const rows = await this.#memory.documents.get(collection, branch, tenant, keys)
    return Promise.all(keys.map(async (key, index) => (this.has(key) ? rows[index] : this.#fromPast(key))))
  }

  async #fromPast(key: string): Promise<DocumentRow | undefined> {
    const item = await this.#parts.past(key)
    if (item === undefined) return undefined
    const document = jsonCodec.encode('document', this.#view.name, 1, item.doc)
    return { key, document, position: item.position, version: 0 }
  }

  async #fold(): Promise<void> {
    const { feed, tenant } = this.#parts
    if (!this.#isBegun) await this.#begin()
    const head = Math.min(feed.head, this.#parts.upTo?.() ?? feed.head)
    while (this.#position < head) {
      const page = await feed.read({
        after: this.#position,
        limit: pageSize,
        tenant,
        types: this.#types,
        query: undefined,
      })
      const events = page.events.filter(({ position }) => position <= head)
      if (events.length > 0) await this.#take(events)
      this.#position = Math.min(page.scannedTo, head)
    }
  }

  async #begin(): Promise<void> {
    await this.#memory.documents.define(this.#collection, [], this.#view.search.length > 0)
    await this.#work.begin(new ParkedSequences(), () => undefined, this.#parts.base)
    this.#isBegun = true
  }

  async #take(events: Awaited<ReturnType<LogFeed['read']>>['events']): Promise<void> {
    const { leases, progress } = this.#memory
    const processor = this.#view.name
    const lease = await leases.acquire(processor, 'reader', 3_600_000)
    if (lease === undefined) throw new Error(`Nobody else folds the overlay of ${processor}`)
    const { newer } = await this.#work.process(events, { lease, partition: { ...allSlots, generation: 1 } })
    if (newer !== undefined) throw newer
    const { documents, park } = this.#work.collect()
    await progress.commit({
      processor,
      branch: mainBranch,
      lease,
      checkpoint: undefined,
      documents,
      park: park.map((event) => ({ ...event, processor, branch: mainBranch })),
      unpark: [],
    })
    for (const { key } of documents) this.#touched.add(key)
    if (park.length > 0) this.#isStuck = true
    // A long tail is folded in slices, so that others get their turn.
    await turn()
  }
}
