import { jsonCodec } from '../message/codec.ts'
import { amendedType } from '../amend/amendment.ts'
import type { LogFeed } from '../log/feed.ts'
import { type DocumentWrite, type EventRow, type Log, mainBranch } from '../log/port.ts'
import { allSlots } from '../log/slots.ts'
import type { Store } from '../log/store.ts'
import type { Fact, RecordedEvent } from '../message/recorded.ts'
import { ParkedSequences } from '../process/parked-sequences.ts'
import type { RunnerParts } from '../process/runner.ts'
import { wholeScope } from '../process/scope.ts'
import { turn } from '../process/turns.ts'
import { ViewWork } from './view-work.ts'
import type { View } from './view.ts'

const pageSize = 1_000

/** What of the log is folded, where it isn't all of it. */
export interface LivePart {
  /** Up to this position. */
  readonly position: number
  /** Of these only what had occurred by then, epoch milliseconds. */
  readonly time: number | undefined
  readonly tenant: string
  /** Called with the bytes of all documents that are there: throws where they are too many. */
  readonly onSize: (bytes: number) => void
}

/** A view that is folded when it is read, into memory, from where the last read left it. */
export class LiveView {
  readonly #work: ViewWork
  readonly #name: string
  readonly #collection: string
  readonly #isSearchable: boolean
  readonly #memory: Store
  readonly #feed: LogFeed
  readonly #types: ReadonlySet<string>
  readonly #part: LivePart | undefined
  /** Of the documents of a part, by their keys. */
  readonly #sizes = new Map<string, number>()
  #size = 0
  #position = 0
  #catchingUp: Promise<void> | undefined
  #isDefined = false

  /**
   * @param memory a store that holds nothing else
   * @param part default: all of the log, as far as it goes
   */
  constructor(
    view: View,
    collection: string,
    memory: Store,
    { store: { log }, feed, onError, clock }: Pick<RunnerParts, 'store' | 'feed' | 'onError' | 'clock'>,
    part?: LivePart,
  ) {
    this.#name = view.name
    this.#collection = collection
    this.#isSearchable = view.search.length > 0
    this.#memory = memory
    this.#feed = feed
    this.#part = part
    this.#types = new Set([...view.events.map(({ type }) => type), amendedType])
    const { documents } = memory
    const source = {
      log: part === undefined ? log : partOf(log, part),
      decode: (row: EventRow) => feed.decode(row),
    }
    const parts = { processor: view.name, collection, documents, source, codec: jsonCodec, onError, clock }
    const asked = part?.time === undefined ? view : occurredBy(part.time, view)
    this.#work = new ViewWork(asked, parts, wholeScope)
  }

  get position(): number {
    return this.#position
  }

  /** Folds everything up to the end of the log. Concurrent readers share one pass. */
  async catchUp(): Promise<void> {
    // A pass under way may have begun before the caller's last append: only one that begins now has it for sure.
    await this.#catchingUp
    this.#catchingUp ??= this.#fold().finally(() => {
      this.#catchingUp = undefined
    })
    await this.#catchingUp
  }

  async #fold(): Promise<void> {
    const { documents, leases, progress } = this.#memory
    const lease = await leases.acquire(this.#name, 'reader', 3_600_000)
    if (lease === undefined) return
    if (!this.#isDefined) await documents.define(this.#collection, [], this.#isSearchable)
    if (this.#position === 0) await this.#work.begin(new ParkedSequences(), () => undefined, 0)
    this.#isDefined = true
    const fence = { lease, partition: { ...allSlots, generation: 1 } }
    const head = this.#part?.position ?? this.#feed.head
    while (this.#position < head) {
      const page = await this.#feed.read({
        after: this.#position,
        limit: pageSize,
        tenant: this.#part?.tenant,
        types: this.#types,
        query: undefined,
      })
      // Another process has recorded it, and this one has not heard of it yet.
      if (page.scannedTo === this.#position)
        await this.#feed.wait(this.#position, new AbortController().signal)
      const events = page.events.filter((event) => this.#isWanted(event))
      if (events.length > 0) {
        const { newer } = await this.#work.process(events, fence)
        if (newer !== undefined) throw newer
        const { documents: changed, park } = this.#work.collect()
        await progress.commit({
          processor: this.#name,
          branch: mainBranch,
          lease,
          checkpoint: undefined,
          documents: changed,
          park: park.map((event) => ({ ...event, processor: this.#name, branch: mainBranch })),
          unpark: [],
        })
        this.#measure(changed)
        // A long history is folded in slices, so that others get their turn.
        await turn()
      }
      this.#position = page.scannedTo
    }
  }

  #isWanted({ position }: RecordedEvent): boolean {
    return this.#part === undefined || position <= this.#part.position
  }

  #measure(changed: readonly DocumentWrite[]): void {
    if (this.#part === undefined) return
    for (const { key, document } of changed) {
      const size = document === null ? 0 : key.length + document.length
      this.#size += size - (this.#sizes.get(key) ?? 0)
      this.#sizes.set(key, size)
    }
    this.#part.onSize(this.#size)
  }
}

/**
 * The view as if nothing had occurred after a time: it tells by what amendments have made of events, and of amendments it takes
 * all that are known, whenever they occurred.
 */
function occurredBy(time: number, view: View): View {
  const isLater = ({ type, occurredAt }: Fact): boolean => occurredAt.getTime() > time && type !== amendedType
  return { ...view, keysOf: (fact) => (isLater(fact) ? [] : view.keysOf(fact)) }
}

/** The log as if nothing else had been recorded. */
function partOf(log: Log, part: LivePart): Pick<Log, 'read' | 'readStream' | 'head'> {
  const cut = <Page extends { readonly events: readonly EventRow[] }>(page: Page): Page => {
    return { ...page, events: page.events.filter(({ position }) => position <= part.position) }
  }
  return {
    read: async (query) => cut(await log.read(query)),
    readStream: async (query) => cut(await log.readStream(query)),
    head: async (branch) => {
      const head = await log.head(branch)
      return { ...head, position: Math.min(head.position, part.position) }
    },
  }
}
