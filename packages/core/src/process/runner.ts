import { isHeadwaterError } from '../message/errors.ts'
import type { LogFeed } from '../log/feed.ts'
import { mainBranch } from '../log/port.ts'
import type { Lease, Store } from '../log/store.ts'
import { beginAt, requireSameHistory } from './checkpoint.ts'
import type { ErrorHook } from './mediator.ts'
import type { ParkedEventSummary, ProcessorHandle, ProcessorStatus, ProcessorSummary } from './processor.ts'
import { sleep } from './sleep.ts'
import { PositionWaiters } from './waiters.ts'
import type { Start } from './subscription.ts'
import type { ProcessorWork } from './work.ts'

export interface RunnerParts {
  readonly store: Store
  readonly feed: LogFeed
  readonly owner: string
  readonly onError: ErrorHook
  /** Milliseconds for which a process that died keeps its processors. */
  readonly leaseDuration: number
}

/** Milliseconds until a processor that was stopped by an error, or stands by, tries again. */
const pauseAfterError = 1_000
const pauseInStandby = 250
/**
 * A checkpoint that only moved over events of other types is written when it is so many events or milliseconds behind:
 * seldom, as nothing but the checkpoint is saved by it, but soon enough for those who wait in other processes.
 */
const idleDistance = 5_000
const idleTime = 250
const mostParkedLoaded = 100_000

/**
 * Follows the log from a checkpoint: at least once, in order, alone (by lease), woken by appends. What the work gives and
 * the checkpoint are committed in one transaction, fenced by the lease.
 */
export class ProcessorRunner implements ProcessorHandle {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  readonly #work: ProcessorWork
  readonly #start: Start
  readonly #parts: RunnerParts
  readonly #types: ReadonlySet<string>
  readonly #stopping = new AbortController()
  readonly #waiters: PositionWaiters
  #status: ProcessorStatus = 'starting'
  #error: { code: string; message: string } | undefined
  #epoch = ''
  /** What is processed; what of it is committed; what the store knows of that. */
  #position = 0
  #committed = 0
  #saved = 0
  #savedAt = 0
  #lease: Lease | undefined
  #isLost = false
  #running: Promise<void> | undefined

  constructor(work: ProcessorWork, start: Start, parts: RunnerParts) {
    this.name = work.name
    this.kind = work.kind
    this.#work = work
    this.#start = start
    this.#parts = parts
    this.#types = new Set(work.types)
    this.#waiters = new PositionWaiters(() => this.#readPosition())
  }

  run(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    this.#waiters.close()
    this.#status = 'stopped'
  }

  /** The last position whose effects are committed. */
  get position(): number {
    return this.#committed
  }

  async summary(): Promise<ProcessorSummary> {
    const { store, feed } = this.#parts
    const position = await this.#readPosition()
    const head = Math.max(feed.head, position)
    const parked = await store.progress.parked({
      processor: this.name,
      branch: mainBranch,
      limit: mostParkedLoaded,
    })
    const seconds = position >= head ? 0 : await this.#secondsBehind(position)
    return {
      name: this.name,
      kind: this.kind,
      status: this.#status,
      position,
      head,
      lag: { events: head - position, seconds },
      parked: parked.length,
      error: this.#error,
    }
  }

  async waitFor(
    position: number,
    options: { readonly timeLimit?: number; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    if (this.#committed >= position) return
    await this.#waiters.wait(this.name, position, options.timeLimit ?? 5_000, options.signal)
  }

  async parked(
    options: { readonly sequence?: string; readonly limit?: number } = {},
  ): Promise<readonly ParkedEventSummary[]> {
    const rows = await this.#parts.store.progress.parked({
      processor: this.name,
      branch: mainBranch,
      limit: options.limit ?? 100,
      ...(options.sequence !== undefined && { sequence: options.sequence }),
    })
    return rows.map(({ sequence, position, attempts, error, parkedAt }) => {
      return { sequence, position, attempts, error, parkedAt: new Date(parkedAt) }
    })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        const lease = await this.#acquire()
        if (lease === undefined) await this.#pause(pauseInStandby, 'standby')
        else await this.#hold(lease)
      } catch (error) {
        this.#fail(error)
        // Another history needs an operator; everything else may pass.
        if (isHeadwaterError(error, 'log.diverged')) return
        await this.#pause(pauseAfterError, 'failed')
      }
    }
  }

  async #acquire(): Promise<Lease | undefined> {
    const { store, owner, leaseDuration } = this.#parts
    return store.leases.acquire(`processor:${this.name}`, owner, leaseDuration)
  }

  async #hold(lease: Lease): Promise<void> {
    const { store, leaseDuration } = this.#parts
    this.#lease = lease
    this.#isLost = false
    const renewing = setInterval(() => {
      store.leases.renew(lease, leaseDuration).then(
        (isHeld) => {
          if (!isHeld) this.#isLost = true
        },
        (error: unknown) => this.#parts.onError(error, { processor: this.name }),
      )
    }, leaseDuration / 3)
    try {
      const isNew = await this.#begin()
      // Where it began must be known from now on: "the end" is another place tomorrow.
      if (isNew) await this.#commit(lease, undefined)
      await this.#follow(lease)
    } finally {
      clearInterval(renewing)
      this.#lease = undefined
      if (!this.#isLost) await store.leases.release(lease)
    }
  }

  /** Whether it has never run before. */
  async #begin(): Promise<boolean> {
    const { store } = this.#parts
    const head = await store.log.head(mainBranch)
    const checkpoint = await store.progress.checkpoint(this.name, mainBranch)
    if (checkpoint !== undefined) await requireSameHistory(store.log, this.name, checkpoint, head)
    this.#epoch = head.epoch
    this.#position = checkpoint?.position ?? (await beginAt(store.log, this.#start, head))
    this.#committed = this.#position
    this.#saved = this.#position
    await this.#work.begin(
      await store.progress.parked({ processor: this.name, branch: mainBranch, limit: mostParkedLoaded }),
    )
    this.#status = 'running'
    this.#error = undefined
    this.#waiters.advance(this.#committed)
    return checkpoint === undefined
  }

  async #follow(lease: Lease): Promise<void> {
    const { feed } = this.#parts
    const { signal } = this.#stopping
    let committing: Promise<Failure | undefined> = Promise.resolve(undefined)
    while (!signal.aborted && !this.#isLost) {
      const page = await feed.read({
        after: this.#position,
        limit: this.#work.pageSize,
        tenant: undefined,
        types: this.#types,
        query: undefined,
      })
      if (page.scannedTo === this.#position) {
        await this.#waitForMore(lease)
        continue
      }
      const done = page.events.length === 0 ? 0 : await this.#work.process(page.events, lease)
      const isWhole = done === page.events.length
      const last = page.events[done - 1]
      this.#position = isWhole ? page.scannedTo : (last?.position ?? this.#position)
      const isAtHead = this.#position >= feed.head
      const isDue = page.events.length > 0 ? isAtHead || this.#work.isFull : this.#isCheckpointDue()
      if (isDue) {
        // One commit may be under way while the next events are being folded, never two.
        throwFailure(await committing)
        committing = this.#commit(lease, isWhole ? page.lastId : last?.id).then(noFailure, asFailure)
        if (isAtHead || this.#work.kind === 'subscription') throwFailure(await committing)
      } else if (isAtHead) {
        throwFailure(await committing)
        this.#committed = this.#position
        this.#waiters.advance(this.#committed)
      }
    }
    throwFailure(await committing)
    if (!this.#isLost) await this.#commit(lease, undefined)
  }

  #isCheckpointDue(): boolean {
    const distance = this.#position - this.#saved
    return distance >= idleDistance || (distance > 0 && performance.now() - this.#savedAt >= idleTime)
  }

  /** Waits for the log to go on; saves the checkpoint if that takes long. */
  async #waitForMore(lease: Lease): Promise<void> {
    const { feed } = this.#parts
    const { signal } = this.#stopping
    if (this.#position === this.#saved) return feed.wait(this.#position, signal)
    await feed.wait(this.#position, AbortSignal.any([signal, AbortSignal.timeout(idleTime)]))
    if (feed.head === this.#position && !signal.aborted && !this.#isLost) await this.#commit(lease, undefined)
  }

  async #commit(lease: Lease, lastId: string | undefined): Promise<void> {
    const { store, feed } = this.#parts
    const position = this.#position
    const { documents, park } = this.#work.collect()
    const eventId = lastId ?? (await eventIdAt(feed, position))
    const checkpoint = { epoch: this.#epoch, position, eventId }
    try {
      await store.progress.commit({
        processor: this.name,
        branch: mainBranch,
        lease,
        checkpoint,
        documents,
        park,
        unpark: [],
      })
    } catch (error) {
      if (isHeadwaterError(error, 'processor.fenced')) this.#isLost = true
      throw error
    }
    this.#committed = position
    this.#saved = position
    this.#savedAt = performance.now()
    this.#waiters.advance(position)
  }

  #fail(error: unknown): void {
    if (this.#stopping.signal.aborted && isHeadwaterError(error, 'log.closed')) return
    this.#status = 'failed'
    const code = isHeadwaterError(error) ? error.code : 'processor.failed'
    this.#error = { code, message: error instanceof Error ? error.message : String(error) }
    this.#parts.onError(error, { processor: this.name })
  }

  async #pause(milliseconds: number, status: ProcessorStatus): Promise<void> {
    this.#status = status
    await sleep(milliseconds, this.#stopping.signal)
  }

  /** Where the processor stands, wherever it runs. */
  async #readPosition(): Promise<number> {
    if (this.#lease !== undefined && this.#status === 'running') return this.#committed
    const checkpoint = await this.#parts.store.progress.checkpoint(this.name, mainBranch)
    return checkpoint?.position ?? 0
  }

  async #secondsBehind(position: number): Promise<number> {
    const { events } = await this.#parts.feed.read({
      after: position,
      limit: 1,
      tenant: undefined,
      types: undefined,
      query: undefined,
    })
    const next = events[0]
    return next === undefined ? 0 : Math.max(0, (Date.now() - next.recordedAt.getTime()) / 1_000)
  }
}

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
