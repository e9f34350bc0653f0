import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { Lease } from '../log/leases.ts'
import type { FeedPage, LogFeed } from '../log/feed.ts'
import type { SequenceKey } from '../log/parking.ts'
import type { Partition, PartitionKey } from '../log/partitions.ts'
import { mainBranch } from '../log/port.ts'
import type { ProgressCommit } from '../log/progress.ts'
import type { SlotRange } from '../log/slots.ts'
import type { Store } from '../log/store.ts'
import { requireSameHistory } from './checkpoint.ts'
import { committable } from './committable.ts'
import { ParkedSequences } from './parked-sequences.ts'
import type { ProcessorPlan } from './plan.ts'
import { retryParked } from './retry-parked.ts'
import { scopeOf } from './scope.ts'
import { turn } from './turns.ts'
import type { Fence, ProcessorWork, Taken } from './work.ts'

export interface LaneParts {
  readonly plan: ProcessorPlan
  readonly store: Store
  readonly feed: LogFeed
  readonly now: () => number
  /** Where it ends; undefined: nowhere. */
  readonly until?: number
  /** Asked when something was said: whether it should end. */
  readonly isOver?: () => Promise<boolean>
  /** The next page of the processor's events. */
  readonly read: (after: number) => Promise<FeedPage>
  /** Called when more is done. */
  readonly onProgress: () => void
}

/**
 * A checkpoint that only moved over events of other types is written when it is so many events or milliseconds behind:
 * seldom, as nothing but the checkpoint is saved by it, but soon enough for those who wait in other processes.
 */
const idleDistance = 5_000
const idleTime = 250
/** With so many parked sequences something is wrong with more than their events. */
const mostSequences = 10_000

/**
 * Follows the log for one partition, while a lease is held: at least once, in order, woken by appends. What the work gives
 * and the checkpoint are committed in one transaction, fenced by the lease and the partition's generation.
 */
export class Lane {
  readonly range: SlotRange
  readonly lease: Lease
  readonly #partition: Partition
  readonly #parts: LaneParts
  readonly #work: ProcessorWork
  readonly #parked = new ParkedSequences()
  readonly #fence: Fence
  #state: 'starting' | 'running' | 'stopping' | 'lost' = 'starting'
  /** Something was said about the processor; sequences are to be tried again. */
  #hasNews = false
  #hasAsked = true
  /** What is taken; what of it is committed; what the store knows of that. */
  #position: number
  #committed: number
  #saved: number
  #savedAt = 0
  #hasTaken = false
  #isWoken = false
  #wakeUp: (() => void) | undefined

  constructor(partition: Partition, lease: Lease, parts: LaneParts) {
    const { first, last, checkpoint, ahead } = partition
    this.range = { first, last }
    this.lease = lease
    this.#partition = partition
    this.#parts = parts
    const scope = ahead.map((part) => ({ ...part, position: part.checkpoint.position }))
    this.#work = parts.plan.workOn(scopeOf(this.range, scope))
    const { generation } = partition
    this.#fence = { lease, partition: { first, last, generation } }
    this.#position = checkpoint.position
    this.#committed = this.#position
    this.#saved = this.#position
  }

  isOf({ first, last, generation }: PartitionKey): boolean {
    const partition = this.#partition
    return first === partition.first && last === partition.last && generation === partition.generation
  }

  /** The last position whose effects are committed. */
  get committed(): number {
    return this.#committed
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  /** Why it takes no further events; undefined: it does. */
  get stalled(): HeadwaterError | undefined {
    if (this.#parked.size < mostSequences) return undefined
    return new HeadwaterError(
      'processor.too-many-parked',
      `${this.#parked.size} sequences are parked: no further events are taken until some of them are retried or dropped`,
    )
  }

  /** Works until it is stopped. @throws what kept it from going on */
  async run(): Promise<void> {
    const { store, feed, plan } = this.#parts
    const head = await store.log.head(mainBranch)
    for (const { checkpoint } of [this.#partition, ...this.#partition.ahead])
      await requireSameHistory(store.log, plan.name, checkpoint, head)
    await this.#work.begin(this.#parked, () => this.#wake(), this.#position)
    await this.#readParked()
    if (this.#state === 'starting') this.#state = 'running'
    this.#parts.onProgress()
    try {
      await this.#follow(feed, head.epoch)
    } finally {
      if (this.#state === 'running') this.#state = 'stopping'
      await this.#work.settle()
    }
  }

  /** Lets the work that is under way finish. */
  stop(): void {
    if (this.#state !== 'lost') this.#state = 'stopping'
    this.#wake()
  }

  /** The lease is not held any more: nothing can be committed. */
  lose(): void {
    this.#state = 'lost'
    this.#wake()
  }

  /** Something was said about the processor. */
  hear(): void {
    this.#hasNews = true
    this.#wake()
  }

  async #follow(feed: LogFeed, epoch: string): Promise<void> {
    let committing: Promise<Failure | undefined> = Promise.resolve(undefined)
    while (this.#state === 'running') {
      if (this.#hasNews || this.#hasAsked) {
        throwFailure(await committing)
        await this.#answer(epoch)
      }
      if (this.#position >= (this.#parts.until ?? Number.POSITIVE_INFINITY)) {
        this.stop()
        continue
      }
      const page = this.stalled === undefined ? await this.#parts.read(this.#position) : undefined
      if (page === undefined || page.scannedTo === this.#position) {
        throwFailure(await committing)
        await this.#rest(epoch, page !== undefined)
        continue
      }
      const before = this.#position
      const taken = await this.#take(page)
      // The work takes nothing any more because the app closes: what tells this lane to stop must get its turn.
      if (this.#position === before && taken.newer === undefined) await turn()
      const isAtHead = this.#position >= feed.head
      if (this.#isDue(isAtHead)) {
        // One commit may be under way while the next events are being folded, never two.
        throwFailure(await committing)
        const lastId = this.#position === page.scannedTo ? page.lastId : undefined
        committing = this.#commit(epoch, lastId).then(noFailure, asFailure)
        if (isAtHead || this.#parts.plan.kind === 'subscription' || this.#work.isSequential === true)
          throwFailure(await committing)
      } else if (isAtHead) {
        throwFailure(await committing)
        this.#moveOn(this.#reached)
      }
      if (taken.newer !== undefined) {
        throwFailure(await committing)
        await this.#finish(epoch)
        throw taken.newer
      }
    }
    throwFailure(await committing)
    if (this.#state === 'stopping') await this.#finish(epoch)
  }

  async #take({ events, scannedTo }: FeedPage): Promise<Taken> {
    if (events.length === 0) {
      this.#position = scannedTo
      return nothingTaken
    }
    const taken = await this.#work.process(events, this.#fence)
    if (taken.count > 0) this.#hasTaken = true
    const last = events[taken.count - 1]
    this.#position = taken.count === events.length ? scannedTo : (last?.position ?? this.#position)
    return taken
  }

  /** Up to here all events are processed. */
  get #reached(): number {
    const { oldest } = this.#work
    return oldest === undefined ? this.#position : Math.min(this.#position, oldest - 1)
  }

  #isDue(isAtHead: boolean): boolean {
    const reached = this.#reached
    if (this.#hasTaken)
      return (isAtHead || this.#work.isFull) && (reached > this.#saved || this.#work.isDirty)
    const distance = reached - this.#saved
    return distance >= idleDistance || (distance > 0 && performance.now() - this.#savedAt >= idleTime)
  }

  /** At the end of the log, or stalled: waits for news, and saves the checkpoint if that takes long. */
  async #rest(epoch: string, isAtEnd: boolean): Promise<void> {
    const isReady = this.#reached > this.#saved
    if (this.#work.isDirty || (this.#hasTaken && isReady)) return this.#commit(epoch, undefined)
    this.#moveOn(this.#reached)
    // What is asked for is done in slices, beside what is new.
    if (this.#hasAsked) return turn()
    await this.#wait(isAtEnd, isReady ? idleTime : undefined)
    const isQuiet = !isAtEnd || this.#parts.feed.head === this.#position
    if (isReady && isQuiet && this.#state === 'running') await this.#commit(epoch, undefined)
  }

  /** Waits until the log goes on, or somebody wakes it, or for some milliseconds. */
  async #wait(isAtEnd: boolean, milliseconds: number | undefined): Promise<void> {
    if (!this.#isWoken) {
      const waiting = new AbortController()
      this.#wakeUp = () => waiting.abort()
      const timer = milliseconds === undefined ? undefined : setTimeout(this.#wakeUp, milliseconds)
      // While it is stalled, what the log does is none of its business.
      const after = isAtEnd ? this.#position : Number.POSITIVE_INFINITY
      await this.#parts.feed.wait(after, waiting.signal)
      clearTimeout(timer)
      this.#wakeUp = undefined
    }
    this.#isWoken = false
  }

  #wake(): void {
    this.#isWoken = true
    this.#wakeUp?.()
  }

  /** Looks at what was said: which sequences are parked, and which are to be tried again. */
  async #answer(epoch: string): Promise<void> {
    const isNew = this.#hasNews
    this.#hasNews = false
    if (isNew && (await this.#parts.isOver?.()) === true) return this.stop()
    if (isNew) await this.#readParked(() => this.#flush(epoch))
    else await this.#flush(epoch)
    const { store, plan } = this.#parts
    const query = { processor: plan.name, branch: mainBranch, slots: this.range, limit: 16 }
    const asked = await store.parking.asked(query)
    this.#hasAsked = asked.length > 0
    if (asked.length > 0) await this.#retry(epoch, asked)
  }

  async #retry(epoch: string, asked: readonly SequenceKey[]): Promise<void> {
    const { store, feed, plan, now } = this.#parts
    const retried = await retryParked({ store, feed, now, processor: plan.name, work: this.#work }, asked)
    const { unpark, park, answered } = retried
    await this.#commit(epoch, undefined, { unpark, park, answered })
    for (const key of retried.emptied) this.#parked.delete(key)
    if (retried.newer !== undefined) throw retried.newer
  }

  async #readParked(before: () => Promise<void> = async () => undefined): Promise<void> {
    const { store, plan } = this.#parts
    this.#parked.beginReading()
    await before()
    const query = { processor: plan.name, branch: mainBranch, slots: this.range, mostEvents: 1 }
    this.#parked.endReading(await store.parking.sequences({ ...query, limit: mostSequences }))
  }

  async #finish(epoch: string): Promise<void> {
    await this.#work.settle()
    await this.#flush(epoch)
  }

  /** Commits what is done, if there is anything. */
  async #flush(epoch: string): Promise<void> {
    if (this.#work.isDirty || this.#reached > this.#saved) await this.#commit(epoch, undefined)
  }

  async #commit(
    epoch: string,
    lastId: string | undefined,
    retried: Pick<ProgressCommit, 'unpark' | 'park' | 'answered'> = { unpark: [], park: [] },
  ): Promise<void> {
    const { store, feed, plan, now } = this.#parts
    const position = this.#reached
    const isWhole = position === this.#position
    const collected = committable(plan, this.#work.collect(), this.lease.owner, now)
    if (isWhole) this.#hasTaken = false
    const eventId = (isWhole ? lastId : undefined) ?? (await eventIdAt(feed, position))
    try {
      await store.progress.commit({
        processor: plan.name,
        branch: mainBranch,
        ...this.#fence,
        checkpoint: position > this.#saved ? { epoch, position, eventId } : undefined,
        ...collected,
        ...retried,
        park: [...collected.park, ...retried.park],
      })
    } catch (error) {
      if (isHeadwaterError(error, 'processor.fenced')) this.#state = 'lost'
      throw error
    }
    this.#saved = position
    this.#savedAt = performance.now()
    this.#moveOn(position)
  }

  #moveOn(position: number): void {
    if (position <= this.#committed) return
    this.#committed = position
    this.#parts.onProgress()
  }
}

const nothingTaken: Taken = { count: 0 }

async function eventIdAt(feed: LogFeed, position: number): Promise<string | null> {
  if (position === 0) return null
  const { events } = await feed.read({
    after: position - 1,
    limit: 1,
    tenant: undefined,
    types: undefined,
    query: undefined,
  })
  return events[0]?.id ?? null
}

// A commit that fails while the next events are being folded is noticed when it is waited for.
interface Failure {
  readonly error: unknown
}
const noFailure = (): undefined => undefined
const asFailure = (error: unknown): Failure => ({ error })

function throwFailure(failure: Failure | undefined): void {
  if (failure !== undefined) throw failure.error
}
