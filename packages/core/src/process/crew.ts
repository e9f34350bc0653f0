import { amendedType } from '../amend/amendment.ts'
import { type HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { Clock } from '../log/clock.ts'
import type { FeedPage, LogFeed } from '../log/feed.ts'
import type { Lease } from '../log/leases.ts'
import type { Partition } from '../log/partitions.ts'
import { mainBranch } from '../log/port.ts'
import { equalRanges, type SlotRange } from '../log/slots.ts'
import type { Store } from '../log/store.ts'
import { alone } from './alone.ts'
import { beginAt, checkpointAt } from './checkpoint.ts'
import { Lane } from './lane.ts'
import type { LeaseKeeper } from './lease-keeper.ts'
import { memberLease, operatorLease, partitionLease } from './lease-names.ts'
import type { ErrorHook } from './mediator.ts'
import type { ProcessorPlan } from './plan.ts'
import type { ProcessorStatus } from './processor.ts'
import { SharedPages } from './shared-pages.ts'
import { shareOf } from './share.ts'
import { Vacancies } from './vacancies.ts'
import type { Watch } from './watch.ts'

export interface RunnerParts {
  readonly store: Store
  readonly feed: LogFeed
  readonly codec: PayloadCodec
  readonly clock: Clock
  readonly owner: string
  readonly onError: ErrorHook
  /** Milliseconds for which a process that died keeps its processors. */
  readonly leaseDuration: number
  /** Of all processors of this process. */
  readonly keeper: LeaseKeeper
  readonly watch: Watch
}

/** Milliseconds until a processor that was stopped by an error tries again. */
const pauseAfterError = 1_000
/** Milliseconds that others get to let go of their partitions, where the code divides a processor anew. */
const patience = 10_000
const pauseWhenBusy = 60_000

/** Runs those partitions of a processor that are this process's share, and obeys operators. */
export class Crew {
  readonly #plan: ProcessorPlan
  readonly #parts: RunnerParts
  readonly #onProgress: () => void
  readonly #stopping = new AbortController()
  readonly #types: ReadonlySet<string>
  readonly #pages: SharedPages
  /** By range; and what ends when they have let go. */
  readonly #lanes = new Map<string, Lane>()
  readonly #attending = new Set<Promise<void>>()
  readonly #errors = new Map<string, unknown>()
  readonly #vacancies: Vacancies
  #partitions: readonly Partition[] = []
  /** What was said about the processor when its partitions were read. */
  #changes = -1
  #isDeclared = false
  #member: Lease | undefined
  #outdated: HeadwaterError | undefined
  /** After an error nothing is taken for a while; after one that only an operator can mend, until something is said. */
  #isResting = false
  #blockedAt: number | undefined
  #isLeft = false
  #isAwake = false
  #wakeUp: (() => void) | undefined
  #running: Promise<void> | undefined

  constructor(plan: ProcessorPlan, parts: RunnerParts, onProgress: () => void) {
    this.#plan = plan
    this.#parts = parts
    this.#onProgress = onProgress
    const types = plan.events.map(({ type }) => type)
    this.#types = new Set(plan.followsAmendments === true ? [...types, amendedType] : types)
    this.#vacancies = new Vacancies(parts.leaseDuration)
    this.#pages = new SharedPages((after) => this.#readPage(after))
  }

  run(): void {
    this.#running ??= this.#run()
  }

  /** It is not run in this process. */
  leaveToOthers(): void {
    this.#isLeft = true
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    await this.#running
  }

  /** Where the processor stands, if all of its partitions are processed here. */
  get position(): number | undefined {
    if (this.#partitions.length === 0 || this.#lanes.size < this.#partitions.length) return undefined
    let position = Number.POSITIVE_INFINITY
    for (const lane of this.#lanes.values()) {
      if (!lane.isRunning) return undefined
      position = Math.min(position, lane.committed)
    }
    return position
  }

  get status(): ProcessorStatus {
    if (this.#outdated !== undefined) return 'outdated'
    if (this.#running === undefined) return this.#isLeft ? 'standby' : 'starting'
    if (this.#stopping.signal.aborted) return 'stopped'
    if (this.error !== undefined) return 'failed'
    if ([...this.#lanes.values()].some(({ isRunning }) => isRunning)) return 'running'
    return this.#partitions.length === 0 || this.#lanes.size > 0 ? 'starting' : 'standby'
  }

  /** What keeps it from going on, wholly or in part. */
  get error(): unknown {
    if (this.#outdated !== undefined) return this.#outdated
    for (const error of this.#errors.values()) return error
    for (const { stalled } of this.#lanes.values()) if (stalled !== undefined) return stalled
    return undefined
  }

  async #run(): Promise<void> {
    const { watch } = this.#parts
    const stopListening = watch.listen(() => this.#wake())
    await watch.look()
    while (!this.#stopping.signal.aborted) {
      try {
        await this.#tend()
      } catch (error) {
        this.#fail('', error)
      }
      await this.#sleep()
    }
    stopListening()
    await this.#letGo()
  }

  /** Does what is to be done now. */
  async #tend(): Promise<void> {
    if (this.#outdated !== undefined) return this.#letGo()
    const { watch } = this.#parts
    const control = watch.control(this.#plan.name)
    const isHalted =
      control?.paused !== undefined || watch.holder(operatorLease(this.#plan.name)) !== undefined
    if (isHalted) return this.#letGo()
    const changes = control?.changes ?? 0
    if (this.#isResting || this.#blockedAt === changes) return
    if (changes !== this.#changes) await this.#look(changes, control?.declared)
    await this.#share()
    this.#errors.delete('')
  }

  async #letGo(): Promise<void> {
    await this.#stopLanes()
    const member = this.#member
    this.#member = undefined
    if (member !== undefined) await this.#release(member)
  }

  /** Reads which partitions there are, or makes them. */
  async #look(changes: number, declared: number | undefined): Promise<void> {
    this.#partitions = await this.#read()
    if (this.#partitions.length === 0) await this.#begin()
    else if (!this.#isDeclared) await this.#declare(declared ?? this.#partitions.length)
    this.#isDeclared = true
    this.#changes = changes
    for (const lane of this.#lanes.values()) {
      if (this.#partitions.some((partition) => lane.isOf(partition))) lane.hear()
      else lane.lose()
    }
  }

  async #begin(): Promise<void> {
    if ((await this.#plan.mayBegin?.()) === false) return
    const { log, progress } = this.#parts.store
    const { name: processor, partitions, start } = this.#plan
    const head = await log.head(mainBranch)
    const checkpoint = await checkpointAt(log, await beginAt(log, start, head), head)
    // Where it began must be known from now on: "the end" is another place tomorrow.
    await progress.begin({ processor, branch: mainBranch, ranges: equalRanges(partitions), checkpoint })
    this.#partitions = await this.#read()
  }

  /** Divides the processor as the code says, where that has changed since it ran last. */
  async #declare(declared: number): Promise<void> {
    const { name: processor, partitions } = this.#plan
    if (declared === partitions) return
    const { store, clock, onError } = this.#parts
    await this.#stopLanes()
    const ranges = equalRanges(partitions)
    const parts = {
      store,
      clock,
      timeLimit: patience,
      onError: (error: unknown) => onError(error, { processor }),
    }
    try {
      await alone(parts, processor, (expected) =>
        store.progress.arrange(
          { processor, branch: mainBranch, ranges, expected, declared: partitions },
          undefined,
        ),
      )
    } catch (error) {
      if (!isHeadwaterError(error, 'processor.busy')) throw error
      // It goes on as it was divided before, and tries again later.
      onError(error, { processor })
      void clock.idle(pauseWhenBusy, this.#stopping.signal).then(() => {
        this.#isDeclared = false
        this.#changes = -1
      })
    }
    this.#partitions = await this.#read()
  }

  /** Takes what is this process's share, and gives what is another's. */
  async #share(): Promise<void> {
    const { watch, keeper, owner, clock } = this.#parts
    const { name } = this.#plan
    if (this.#partitions.length > 1) {
      this.#member ??= await keeper.acquire(memberLease(name, owner), owner, () => {
        this.#member = undefined
      })
    }
    const partitions = this.#partitions.map((range) => ({ range, owner: this.#ownerOf(range) }))
    const members = watch.holders(memberLease(name, ''))
    const { take, give } = shareOf({ partitions, members, me: owner })
    const forgotten = this.#vacancies.longVacant(partitions, clock.now())
    for (const range of new Set([...take, ...forgotten])) {
      if (this.#stopping.signal.aborted) return
      await this.#start(range)
    }
    if (give !== undefined) this.#lanes.get(nameOf(give))?.stop()
  }

  #ownerOf(range: SlotRange): string | undefined {
    const { watch, owner } = this.#parts
    if (this.#lanes.has(nameOf(range))) return owner
    const holder = watch.holder(partitionLease(this.#plan.name, range))
    // What this process let go of may still be told as its own.
    return holder === owner ? undefined : holder
  }

  async #start(range: SlotRange): Promise<void> {
    const { store, feed, clock, keeper, owner } = this.#parts
    const key = nameOf(range)
    const lease = await keeper.acquire(partitionLease(this.#plan.name, range), owner, () =>
      this.#lanes.get(key)?.lose(),
    )
    if (lease === undefined) return
    // What was read before may have changed, and the app may have begun to close.
    if (this.#stopping.signal.aborted) return this.#release(lease)
    const partition = (await this.#read()).find(
      ({ first, last }) => first === range.first && last === range.last,
    )
    if (partition === undefined) {
      this.#changes = -1
      return this.#release(lease)
    }
    const lane = new Lane(partition, lease, {
      plan: this.#plan,
      store,
      feed,
      now: () => clock.now(),
      read: (after) => (this.#lanes.size > 1 ? this.#pages.read(after) : this.#readPage(after)),
      onProgress: () => {
        this.#errors.delete(key)
        this.#onProgress()
      },
    })
    this.#lanes.set(key, lane)
    const attending = this.#attend(key, lane).finally(() => this.#attending.delete(attending))
    this.#attending.add(attending)
  }

  async #attend(key: string, lane: Lane): Promise<void> {
    try {
      await lane.run()
    } catch (error) {
      this.#laneFailed(key, error)
    }
    await this.#release(lane.lease)
    this.#lanes.delete(key)
    if (this.#lanes.size === 0) this.#pages.clear()
    this.#wake()
  }

  #laneFailed(key: string, error: unknown): void {
    if (isHeadwaterError(error, 'event.newer-version')) {
      this.#outdated = error
      this.#parts.onError(error, { processor: this.#plan.name })
    } else if (isHeadwaterError(error, 'processor.fenced') || isHeadwaterError(error, 'processor.conflict')) {
      // Somebody else has the work, or an operator was faster: what is so now is read again.
      this.#changes = -1
    } else this.#fail(key, error)
  }

  #fail(key: string, error: unknown): void {
    const { signal } = this.#stopping
    if (signal.aborted && isHeadwaterError(error, 'log.closed')) return
    this.#errors.set(key, error)
    this.#parts.onError(error, { processor: this.#plan.name })
    // Another history needs an operator; everything else may pass.
    if (isHeadwaterError(error, 'log.diverged')) this.#blockedAt = this.#changes
    else if (!this.#isResting) {
      this.#isResting = true
      void this.#parts.clock.idle(pauseAfterError, signal).then(() => {
        this.#isResting = false
        this.#wake()
      })
    }
  }

  async #stopLanes(): Promise<void> {
    for (const lane of this.#lanes.values()) lane.stop()
    await Promise.all(this.#attending)
  }

  async #release(lease: Lease): Promise<void> {
    try {
      await this.#parts.keeper.release(lease)
    } catch (error) {
      // It runs out by itself.
      this.#parts.onError(error, { processor: this.#plan.name })
    }
  }

  #read(): Promise<readonly Partition[]> {
    return this.#parts.store.progress.partitions(this.#plan.name, mainBranch)
  }

  #readPage(after: number): Promise<FeedPage> {
    const { pageSize: limit } = this.#plan
    return this.#parts.feed.read({ after, limit, tenant: undefined, types: this.#types, query: undefined })
  }

  async #sleep(): Promise<void> {
    if (!this.#isAwake) {
      await new Promise<void>((resolve) => {
        this.#wakeUp = resolve
      })
    }
    this.#isAwake = false
  }

  #wake(): void {
    this.#isAwake = true
    this.#wakeUp?.()
  }
}

function nameOf({ first, last }: SlotRange): string {
  return `${first}-${last}`
}
