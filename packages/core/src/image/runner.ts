import { amendedType } from '../amend/amendment.ts'
import { FollowedHistory } from '../amend/followed-history.ts'
import type { RuleLookup } from '../decide/rule-book.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../message/versions.ts'
import type { Clock } from '../log/clock.ts'
import type { FeedPage, LogFeed } from '../log/feed.ts'
import type { EventRow } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { ErrorHook } from '../process/mediator.ts'
import type { MemoryImage, ReadTables, TableTypes } from './image.ts'
import { ImageSnapshots } from './snapshots.ts'
import { ImageState } from './state.ts'

export type ImageStatus = 'loading' | 'ready' | 'failed' | 'stopped'

/** How a memory image is doing. */
export interface ImageSummary {
  readonly name: string
  readonly status: ImageStatus
  readonly position: number
  readonly head: number
  readonly lag: { readonly events: number }
  readonly entries: number
  /** The position of the snapshot that it began with; 0: it was folded from the first event. */
  readonly loadedFrom: number
  /** The position of the last snapshot; 0: there is none. */
  readonly savedAt: number
  /** Milliseconds from the start until it had everything that was recorded; null: it is not there yet. */
  readonly startedIn: number | null
  readonly error: { readonly code: string; readonly message: string } | null
}

/** A memory image as it is read. */
export interface ImageReader<Types = TableTypes> {
  /**
   * The tables as they are: they change as the log goes on, but never while you read them without waiting.
   *
   * @throws HeadwaterError `image.loading` before everything is there that was recorded when the app was opened
   */
  readonly state: ReadTables<Types>
  /** Everything up to here is in the tables, and nothing beyond. */
  readonly position: number
  /** What the position is compared with, in the condition of an append. */
  readonly query: { readonly items: readonly { readonly types: readonly string[] }[] }
  /**
   * Waits until everything up to a position is in the tables.
   *
   * @param options.timeLimit milliseconds; default 5,000
   * @throws HeadwaterError `view.wait-timeout`, `image.failed`
   */
  at(position: number, options?: { readonly timeLimit?: number }): Promise<ReadTables<Types>>
  /** Waits until the image is there. @throws HeadwaterError `image.failed` */
  ready(): Promise<void>
  summary(): ImageSummary
}

export interface ImageRunnerParts {
  readonly store: Store
  readonly feed: LogFeed
  readonly codec: PayloadCodec
  readonly clock: Clock
  readonly owner: string
  readonly leaseDuration: number
  readonly rules: RuleLookup
  readonly rulesHash: string
  readonly onError: ErrorHook
}

const pageSize = 500
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

interface Waiter {
  readonly position: number
  readonly settle: (error?: HeadwaterError) => void
}

/** Keeps a memory image: loads it, follows the log, and has it saved now and then. */
export class ImageRunner {
  readonly name: string
  readonly #image: MemoryImage
  readonly #parts: ImageRunnerParts
  readonly #types: ReadonlySet<string>
  readonly #versions: KnownVersions
  #state: ImageState
  #snapshots: ImageSnapshots
  #history: FollowedHistory
  readonly #stopping = new AbortController()
  readonly #waiters = new Set<Waiter>()
  #status: ImageStatus = 'loading'
  #error: HeadwaterError | undefined
  #loadedFrom = 0
  #savedAt = 0
  #startedIn: number | null = null
  /** Where the next snapshot is due. */
  #due = 0
  #running: Promise<void> | undefined
  #saving: Promise<void> | undefined

  constructor(image: MemoryImage, parts: ImageRunnerParts) {
    this.name = image.name
    this.#image = image
    this.#parts = parts
    this.#types = new Set([...image.events.map(({ type }) => type), amendedType])
    this.#versions = versionsOf(image.events)
    this.#state = new ImageState(image, parts.rules)
    this.#snapshots = this.#newSnapshots()
    this.#history = this.#newHistory()
  }

  run(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.#saving
    this.#status = 'stopped'
    this.#settle(() => new HeadwaterError('log.closed', `Image ${this.name} is closed`))
  }

  /** @throws HeadwaterError `tenant.invalid-name` */
  reader(tenant?: string): ImageReader {
    const named = tenantNamed(tenant)
    const tables = (): ReadTables<TableTypes> => {
      this.#requireLoaded()
      return this.#state.of(named)
    }
    const position = (): number => this.#state.position
    return {
      get state() {
        return tables()
      },
      get position() {
        return position()
      },
      query: { items: [{ types: this.#image.events.map(({ type }) => type) }] },
      at: async (at, options) => {
        await this.#reach(at, options?.timeLimit ?? 5_000)
        return tables()
      },
      ready: () => this.#reach(0, Number.POSITIVE_INFINITY),
      summary: () => this.summary(),
    }
  }

  summary(): ImageSummary {
    const { position, entries } = this.#state
    const head = Math.max(this.#parts.feed.head, position)
    return {
      name: this.name,
      status: this.#status,
      position,
      head,
      lag: { events: head - position },
      entries,
      loadedFrom: this.#loadedFrom,
      savedAt: this.#savedAt,
      startedIn: this.#startedIn,
      error: this.#error === undefined ? null : { code: this.#error.code, message: this.#error.message },
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    const begin = performance.now()
    try {
      if (this.#image.every !== undefined) this.#loadedFrom = await this.#snapshots.load(this.#state)
      this.#savedAt = this.#loadedFrom
      this.#due = this.#savedAt + (this.#image.every ?? Number.POSITIVE_INFINITY)
      await this.#follow(begin, signal)
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  async #follow(begin: number, signal: AbortSignal): Promise<void> {
    const { feed } = this.#parts
    const goal = feed.head
    await this.#history.begin(this.#state.position)
    while (!signal.aborted) {
      const after = this.#state.position
      const page = await this.#read(after)
      if (await this.#fold(this.#state, this.#history, page)) this.#state.position = page.scannedTo
      else await this.#startOver(page.scannedTo, signal)
      if (this.#status === 'loading' && page.scannedTo >= goal) {
        this.#startedIn = performance.now() - begin
        this.#status = 'ready'
      }
      if (this.#status === 'ready')
        this.#settle((position) => (position <= page.scannedTo ? null : undefined))
      if (page.scannedTo === after) await feed.wait(after, signal)
      // A long history is folded in slices, so that others get their turn.
      else await turn()
      this.#saveIfDue()
    }
  }

  #read(after: number): Promise<FeedPage> {
    const query = { after, limit: pageSize, tenant: undefined, types: this.#types, query: undefined }
    return this.#parts.feed.read(query)
  }

  /** False: something was amended that is in the tables already. */
  async #fold(state: ImageState, history: FollowedHistory, { events }: FeedPage): Promise<boolean> {
    if (history.isPlain(events)) {
      for (const event of events) this.#take(state, event, event.position)
      return true
    }
    for (const met of await history.meet(events)) {
      if (met.kind === 'event') this.#take(state, met.event, met.slot)
      else if (!met.isKnown || met.slot <= history.after) return false
    }
    return true
  }

  #take(state: ImageState, event: RecordedEvent, position: number): void {
    requireKnown(this.#versions, event, `Image ${this.name}`)
    state.fold(event)
    state.position = position
  }

  /**
   * Folds everything anew that is recorded up to a position, as it counts now. The tables are read as they were meanwhile.
   */
  async #startOver(to: number, signal: AbortSignal): Promise<void> {
    const state = new ImageState(this.#image, this.#parts.rules)
    const history = this.#newHistory()
    await history.begin(0)
    while (state.position < to && !signal.aborted) {
      const page = await this.#read(state.position)
      // What is amended while it begins anew is amended behind it, and it begins once more.
      if (!(await this.#fold(state, history, page))) return this.#startOver(page.scannedTo, signal)
      state.position = page.scannedTo
      await turn()
    }
    if (signal.aborted) return
    await this.#saving
    this.#state = state
    this.#history = history
    this.#snapshots = this.#newSnapshots()
    this.#due = Math.min(this.#due, state.position)
  }

  #newHistory(): FollowedHistory {
    const { store, feed } = this.#parts
    const source = { log: store.log, decode: (row: EventRow) => feed.decode(row) }
    return new FollowedHistory(
      source,
      this.#image.events.map(({ type }) => type),
    )
  }

  #newSnapshots(): ImageSnapshots {
    return new ImageSnapshots(this.#image, { ...this.#parts, now: () => this.#parts.clock.now() })
  }

  #saveIfDue(): void {
    const { every } = this.#image
    if (every === undefined || this.#status !== 'ready' || this.#saving !== undefined) return
    if (this.#state.position < this.#due) return
    this.#due = this.#state.position + every
    this.#saving = this.#save()
      .catch((error: unknown) => {
        if (!isHeadwaterError(error, 'log.closed') && !isHeadwaterError(error, 'processor.fenced'))
          this.#parts.onError(error, { processor: this.name })
      })
      .finally(() => {
        this.#saving = undefined
      })
  }

  /** One process saves at a time; the others have no need to. */
  async #save(): Promise<void> {
    const { store, clock, owner, leaseDuration, onError } = this.#parts
    const lease = await store.leases.acquire(`image:${this.name}`, owner, leaseDuration)
    if (lease === undefined) return
    const stopRenewing = clock.every(leaseDuration / 3, () => {
      store.leases
        .renew(lease, leaseDuration)
        .catch((error: unknown) => onError(error, { processor: this.name }))
    })
    try {
      this.#savedAt = (await this.#snapshots.save(this.#state, lease)).position
    } finally {
      stopRenewing()
      await store.leases.release(lease)
    }
  }

  /** The tables stay as they are before the event that can't be folded: nothing is skipped. */
  #fail(cause: unknown): void {
    const why = cause instanceof Error ? cause.message : String(cause)
    const message = `Image ${this.name} stands at position ${this.#state.position} and can’t go on: ${why}`
    this.#error = isHeadwaterError(cause, 'event.newer-version')
      ? cause
      : new HeadwaterError('image.failed', message, { cause, details: { image: this.name } })
    this.#status = 'failed'
    const error = this.#error
    this.#settle(() => error)
    this.#parts.onError(error, { processor: this.name })
  }

  #requireLoaded(): void {
    if (this.#startedIn !== null) return
    if (this.#error !== undefined) throw this.#error
    throw new HeadwaterError('image.loading', `Image ${this.name} is at position ${this.#state.position} yet`)
  }

  async #reach(position: number, timeLimit: number): Promise<void> {
    if (this.#startedIn !== null && this.#state.position >= position) return
    if (this.#error !== undefined) throw this.#error
    await new Promise<void>((resolve, reject) => {
      const timer = Number.isFinite(timeLimit)
        ? setTimeout(() => {
            const message = `Image ${this.name} did not reach position ${position} within ${timeLimit} ms`
            waiter.settle(new HeadwaterError('view.wait-timeout', message))
          }, timeLimit)
        : undefined
      const waiter: Waiter = {
        position,
        settle: (error) => {
          clearTimeout(timer)
          this.#waiters.delete(waiter)
          if (error === undefined) resolve()
          else reject(error)
        },
      }
      this.#waiters.add(waiter)
    })
  }

  /** @param answer null: it is there; undefined: not yet */
  #settle(answer: (position: number) => HeadwaterError | null | undefined): void {
    for (const waiter of this.#waiters) {
      const settled = answer(waiter.position)
      if (settled !== undefined) waiter.settle(settled ?? undefined)
    }
  }
}
