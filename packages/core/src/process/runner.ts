import { isHeadwaterError } from '../message/errors.ts'
import { mainBranch } from '../log/port.ts'
import type { Partition } from '../log/partitions.ts'
import { Crew, type RunnerParts } from './crew.ts'
import { type ProcessorDesk, StoredDesk } from './desk.ts'
import { LeaseKeeper } from './lease-keeper.ts'
import { partitionLease } from './lease-names.ts'
import { type ParkedDesk, StoredParkedDesk } from './parked-desk.ts'
import type { ProcessorPlan } from './plan.ts'
import type { PartitionSummary, ProcessorHandle, ProcessorSummary } from './processor.ts'
import { Reprocessor } from './reprocessor.ts'
import { PositionWaiters } from './waiters.ts'
import { Watch } from './watch.ts'
import { describeFailure } from './work.ts'

export type { RunnerParts } from './crew.ts'

/** What all processors of a process share. */
export function runnerParts(given: Omit<RunnerParts, 'keeper' | 'watch'>): RunnerParts {
  const { store, clock, leaseDuration: duration } = given
  const onError = (error: unknown): void => given.onError(error, {})
  return {
    ...given,
    keeper: new LeaseKeeper({ leases: store.leases, clock, duration, onError }),
    watch: new Watch(store, onError),
  }
}

const mostParkedCounted = 100_000

/** A processor as this process sees it: it may run here, elsewhere, or partly here. */
export class ProcessorRunner implements ProcessorHandle {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  readonly parked: ParkedDesk
  readonly #plan: ProcessorPlan
  readonly #parts: RunnerParts
  readonly #crew: Crew
  readonly #desk: ProcessorDesk
  readonly #waiters: PositionWaiters
  #reprocessor: Reprocessor | undefined
  #isStopped = false

  constructor(plan: ProcessorPlan, parts: RunnerParts) {
    this.name = plan.name
    this.kind = plan.kind
    this.#plan = plan
    this.#parts = parts
    this.#waiters = new PositionWaiters(() => this.#readPosition())
    this.#crew = new Crew(plan, parts, () => this.#waiters.advance(this.position))
    const { store, feed, codec, clock, onError, watch } = parts
    const tell = (): Promise<void> => watch.look()
    this.#desk = new StoredDesk({
      plan,
      store,
      codec,
      clock,
      onError: (error) => onError(error, { processor: plan.name }),
      tell,
    })
    this.parked = new StoredParkedDesk({ plan, store, feed, codec, now: () => clock.now(), tell })
  }

  run(): void {
    this.#crew.run()
    if (this.#plan.workOnJob !== undefined) this.#reprocessor ??= new Reprocessor(this.#plan, this.#parts)
  }

  /** This process does not run it: others do. */
  leaveToOthers(): void {
    this.#crew.leaveToOthers()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#crew.stop(), this.#reprocessor?.stop()])
    this.#waiters.close()
    this.#isStopped = true
  }

  /** The last position whose effects are committed, as far as this process knows. */
  get position(): number {
    return this.#crew.position ?? 0
  }

  async summary(): Promise<ProcessorSummary> {
    const { store, feed } = this.#parts
    const [parked, partitions, paused] = await Promise.all([
      store.parking.count(this.name, mainBranch, mostParkedCounted),
      this.#partitions(),
      this.#paused(),
    ])
    // Last, and at once with the head: under traffic both move.
    const position = await this.#readPosition()
    const head = Math.max(feed.head, position)
    const seconds = position >= head ? 0 : await this.#secondsBehind(position)
    const { status } = this.#crew
    return {
      name: this.name,
      kind: this.kind,
      status: this.#isStopped ? 'stopped' : paused === undefined ? status : 'paused',
      position,
      head,
      lag: { events: head - position, seconds },
      parked,
      error: describe(this.#crew.error),
      paused,
      partitions,
    }
  }

  async waitFor(
    position: number,
    options: { readonly timeLimit?: number; readonly signal?: AbortSignal } = {},
  ): Promise<void> {
    if (this.position >= position) return
    await this.#waiters.wait(this.name, position, options.timeLimit ?? 5_000, options.signal)
  }

  readonly pause: ProcessorDesk['pause'] = (options) => this.#desk.pause(options)
  readonly resume: ProcessorDesk['resume'] = (options) => this.#desk.resume(options)
  readonly reset: ProcessorDesk['reset'] = (options) => this.#desk.reset(options)
  readonly split: ProcessorDesk['split'] = (options) => this.#desk.split(options)
  readonly merge: ProcessorDesk['merge'] = (options) => this.#desk.merge(options)
  readonly reprocess: ProcessorDesk['reprocess'] = (options) => this.#desk.reprocess(options)
  readonly jobs: ProcessorDesk['jobs'] = (options) => this.#desk.jobs(options)
  readonly job: ProcessorDesk['job'] = (id) => this.#desk.job(id)
  readonly results: ProcessorDesk['results'] = (options) => this.#desk.results(options)
  readonly acts: ProcessorDesk['acts'] = (options) => this.#desk.acts(options)

  /** Where the processor stands, wherever it runs. */
  async #readPosition(): Promise<number> {
    const here = this.#crew.position
    if (here !== undefined) return here
    return (await this.#parts.store.progress.checkpoint(this.name, mainBranch))?.position ?? 0
  }

  async #partitions(): Promise<readonly PartitionSummary[]> {
    const { store } = this.#parts
    const partitions = await store.progress.partitions(this.name, mainBranch)
    const leases = await store.leases.held(partitionLease(this.name, { first: 0, last: 65_535 }))
    const owners = new Map(leases.map(({ name, owner }) => [name, owner]))
    const ownerOf = (partition: Partition): string | null =>
      owners.get(partitionLease(this.name, partition)) ?? null
    return partitions.map((partition) => {
      const { first, last, checkpoint } = partition
      return { first, last, position: checkpoint.position, owner: ownerOf(partition) }
    })
  }

  async #paused(): Promise<ProcessorSummary['paused']> {
    const controls = await this.#parts.store.controls.list(mainBranch)
    const paused = controls.find(({ processor }) => processor === this.name)?.paused
    return paused && { ...paused, at: new Date(paused.at) }
  }

  async #secondsBehind(position: number): Promise<number> {
    const { feed, clock } = this.#parts
    const { events } = await feed.read({
      after: position,
      limit: 1,
      tenant: undefined,
      types: undefined,
      query: undefined,
    })
    const next = events[0]
    return next === undefined ? 0 : Math.max(0, (clock.now() - next.recordedAt.getTime()) / 1_000)
  }
}

function describe(error: unknown): ProcessorSummary['error'] {
  if (error === undefined) return undefined
  const code = isHeadwaterError(error) ? error.code : 'processor.failed'
  return { code, message: error instanceof Error ? error.message : describeFailure(error) }
}
