import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { newId } from '../message/identity.ts'
import { scopeNamed, type TenantScope } from '../message/tenant.ts'
import type { Clock } from '../log/clock.ts'
import { mostPartitions, type Partition, reachedBy } from '../log/partitions.ts'
import { mainBranch } from '../log/port.ts'
import type { ProcessingResult } from '../log/results.ts'
import type { SlotRange } from '../log/slots.ts'
import type { Store } from '../log/store.ts'
import { type ActOptions, actOf } from './act.ts'
import { alone } from './alone.ts'
import { beginAt, checkpointAt } from './checkpoint.ts'
import { Horizon } from './horizon.ts'
import type { ProcessorPlan } from './plan.ts'
import { type ReprocessingJob, StoredJob } from './reprocessing-job.ts'
import type { Start } from './subscription.ts'

/** Where a reset leads, or a job begins or ends. */
export interface ResetOptions extends ActOptions {
  readonly to: Start
  /** Events that were handled before are handled again: without it, only a reset forwards is made. */
  readonly repeatEffects?: boolean
  /** Milliseconds that handlers under way may take. Default 30,000. */
  readonly timeLimit?: number
}

export interface DivideOptions extends ActOptions {
  /** The first slot of the partition. Default: the largest one; to merge, the one that makes the smallest with its neighbour. */
  readonly partition?: number
  /** Milliseconds that handlers under way may take. Default 30,000. */
  readonly timeLimit?: number
}

export interface ReprocessOptions extends ActOptions {
  /** Position or time of the first event. */
  readonly from: number | Date
  /** Position or time of the last event. Default: the end of the log as it is now. */
  readonly to?: number | Date
  readonly why: string
}

/** What was made of an event. */
export interface ResultSummary extends Omit<ProcessingResult, 'branch' | 'result' | 'at'> {
  /** What the handler returned; undefined: nothing. */
  readonly result: unknown
  readonly at: Date
}

/** What an operator did. */
export interface ActSummary {
  readonly sequence: number
  readonly kind: string
  readonly actor: string | null
  readonly why: string | null
  readonly at: Date
  readonly details: unknown
}

/** What an operator can do with a processor: every process obeys within a moment. */
export interface ProcessorDesk {
  /** Lets handlers under way finish; nothing is processed until it is resumed, by whichever process, restarts included. */
  pause(options?: ActOptions): Promise<void>
  resume(options?: ActOptions): Promise<void>
  /**
   * Sends a subscription to another place in the log; parked events beyond it are forgotten, as they come again. Events
   * that were handled before are handled again, effects and all: that has to be asked for.
   *
   * @throws HeadwaterError `processor.is-view` (a view is rebuilt), `processor.repeats-effects`, `processor.busy`,
   *   `processor.never-began`
   */
  reset(options: ResetOptions): Promise<void>
  /**
   * Divides a partition in two, while others go on.
   *
   * @throws HeadwaterError `processor.busy`, `processor.never-began`, `processor.invalid-partitions`
   */
  split(options?: DivideOptions): Promise<void>
  /** Joins a partition with the one behind it, wherever the two stand. @throws as `split` */
  merge(options?: DivideOptions): Promise<void>
  /**
   * Handles old events once more, with all effects, beside the normal run: a bounded job, which whichever process runs the
   * processor takes over, and goes on with after a crash.
   *
   * @throws HeadwaterError `processor.is-view`, `processor.invalid-range`
   */
  reprocess(options: ReprocessOptions): Promise<ReprocessingJob>
  /** Its jobs, ended ones included, in the order in which they were asked for. */
  jobs(options?: { readonly limit?: number }): Promise<readonly ReprocessingJob[]>
  /** @throws HeadwaterError `processor.job-unknown` */
  job(id: string): Promise<ReprocessingJob>
  /** What processing made of events, where the checkpoint doesn't tell; in the order of positions. */
  results(
    options?: TenantScope & { readonly after?: number; readonly limit?: number },
  ): Promise<readonly ResultSummary[]>
  /** What operators did, the last first. */
  acts(options?: { readonly before?: number; readonly limit?: number }): Promise<readonly ActSummary[]>
}

export interface StoredDeskParts {
  readonly plan: ProcessorPlan
  readonly store: Store
  readonly codec: PayloadCodec
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  /** Lets those who run the processor here know that something was said. */
  readonly tell: () => Promise<void>
}

/** What operators say goes into the store, where those who run the processor find it. */
export class StoredDesk implements ProcessorDesk {
  readonly #parts: StoredDeskParts
  readonly #place: { readonly processor: string; readonly branch: number }

  constructor(parts: StoredDeskParts) {
    this.#parts = parts
    this.#place = { processor: parts.plan.name, branch: mainBranch }
  }

  async pause(options: ActOptions = {}): Promise<void> {
    const { store, tell } = this.#parts
    await store.controls.pause(this.#place.processor, mainBranch, this.#act('pause', options))
    await tell()
  }

  async resume(options: ActOptions = {}): Promise<void> {
    const { store, tell } = this.#parts
    await store.controls.resume(this.#place.processor, mainBranch, this.#act('resume', options))
    await tell()
  }

  async reset({ to, repeatEffects = false, timeLimit, ...options }: ResetOptions): Promise<void> {
    this.#requireEffects('reset')
    const { log, progress, controls } = this.#parts.store
    const head = await log.head(mainBranch)
    const checkpoint = await checkpointAt(log, await beginAt(log, to, head), head)
    const { position } = checkpoint
    const horizon = await Horizon.of(controls, this.#place.processor)
    await this.#alone(timeLimit, (expected) => {
      if (!repeatEffects) requireForwards(this.#place.processor, position, expected)
      const handled = horizon.and(expected).map((slots) => [slots.first, slots.last, slots.position])
      const act = this.#act('reset', options, { position, handled })
      return progress.move({ ...this.#place, to: checkpoint, expected }, act)
    })
  }

  split({ partition, timeLimit, ...options }: DivideOptions = {}): Promise<void> {
    return this.#divide(options, timeLimit, (ranges) => halved(ranges, partition))
  }

  merge({ partition, timeLimit, ...options }: DivideOptions = {}): Promise<void> {
    return this.#divide(options, timeLimit, (ranges) => joined(ranges, partition))
  }

  async reprocess({ from, to, ...options }: ReprocessOptions): Promise<ReprocessingJob> {
    this.#requireEffects('reprocess')
    const { store, tell } = this.#parts
    const { position: head } = await store.log.head(mainBranch)
    const first = typeof from === 'number' ? from : await store.log.positionAt(mainBranch, from.getTime())
    const last = to === undefined ? head : typeof to === 'number' ? to : await this.#lastAt(to)
    if (!Number.isInteger(first) || first < 1 || last < first || last > head) {
      throw new HeadwaterError(
        'processor.invalid-range',
        `There are no events from position ${first} to ${last}: the log ends at ${head}`,
        { details: { from: first, to: last, head } },
      )
    }
    const job = { id: newId(), ...this.#place, from: first, to: last }
    await store.controls.askReprocessing(
      job,
      this.#act('reprocess', options, { id: job.id, from: first, to: last }),
    )
    await tell()
    return this.job(job.id)
  }

  async jobs({ limit = 100 }: { readonly limit?: number } = {}): Promise<readonly ReprocessingJob[]> {
    const jobs = await this.#parts.store.controls.reprocessing({
      ...this.#place,
      limit: Math.min(limit, 1_000),
    })
    return jobs.map((job) => new StoredJob(job, this.#parts))
  }

  async job(id: string): Promise<ReprocessingJob> {
    const [job] = await this.#parts.store.controls.reprocessing({ ...this.#place, id, limit: 1 })
    if (job !== undefined) return new StoredJob(job, this.#parts)
    throw new HeadwaterError('processor.job-unknown', `${this.#place.processor} has no job ${id}`, {
      details: { id },
    })
  }

  async results({
    after,
    limit = 100,
    ...scope
  }: Parameters<ProcessorDesk['results']>[0] = {}): Promise<readonly ResultSummary[]> {
    const tenant = scopeNamed(scope)
    const rows = await this.#parts.store.results.list({
      ...this.#place,
      ...(tenant !== undefined && { tenant }),
      ...(after !== undefined && { after }),
      limit: Math.min(limit, 1_000),
    })
    return rows.map((row) => resultSummary(row, this.#parts.codec))
  }

  async acts({ before, limit = 100 }: { readonly before?: number; readonly limit?: number } = {}) {
    const rows = await this.#parts.store.controls.acts({
      ...this.#place,
      ...(before !== undefined && { before }),
      limit: Math.min(limit, 1_000),
    })
    return rows.map(({ sequence, kind, actor, why, at, details }) => {
      return { sequence, kind, actor, why, at: new Date(at), details: JSON.parse(details) as unknown }
    })
  }

  async #divide(
    options: ActOptions,
    timeLimit: number | undefined,
    cut: (ranges: readonly SlotRange[]) => readonly SlotRange[],
  ): Promise<void> {
    const { progress } = this.#parts.store
    await this.#alone(timeLimit, (expected) => {
      const ranges = cut(expected)
      return progress.arrange(
        { ...this.#place, ranges, expected },
        this.#act('divide', options, { partitions: ranges.length }),
      )
    })
  }

  async #alone(
    timeLimit: number | undefined,
    change: (partitions: readonly Partition[]) => Promise<boolean>,
  ): Promise<void> {
    const { plan, store, clock, onError, tell } = this.#parts
    const parts = { store, clock, onError, ...(timeLimit !== undefined && { timeLimit }) }
    try {
      await alone(parts, plan.name, async (partitions) => {
        if (partitions.length === 0) throw neverBegan(plan.name)
        // Nobody else may change them now; if a lease was lost meanwhile, somebody did.
        if (await change(partitions)) return
        throw new HeadwaterError(
          'processor.busy',
          `The partitions of ${plan.name} were changed by somebody else`,
        )
      })
    } finally {
      await tell()
    }
  }

  /** The last position recorded up to a time. */
  async #lastAt(time: Date): Promise<number> {
    return (await this.#parts.store.log.positionAt(mainBranch, time.getTime() + 1)) - 1
  }

  #act(kind: Parameters<typeof actOf>[0], options: ActOptions, details?: Readonly<Record<string, unknown>>) {
    return actOf(kind, options, this.#parts.clock.now(), details)
  }

  #requireEffects(what: string): void {
    if (this.#parts.plan.workOnJob !== undefined) return
    throw new HeadwaterError(
      'processor.is-view',
      `${this.#place.processor} is a view: there is nothing to ${what}, it is rebuilt beside the version that is read`,
    )
  }
}

export function resultSummary(
  { result, at, branch: _branch, ...row }: ProcessingResult,
  codec: PayloadCodec,
): ResultSummary {
  const value = result === null ? undefined : codec.decode('result', row.processor, 1, result)
  return { ...row, result: value, at: new Date(at) }
}

/** @throws HeadwaterError `processor.repeats-effects` */
function requireForwards(processor: string, position: number, partitions: readonly Partition[]): void {
  const furthest = Math.max(
    ...partitions.flatMap((partition) => [
      partition.checkpoint.position,
      ...partition.ahead.map(({ first }) => reachedBy(partition, first).position),
    ]),
  )
  if (position >= furthest) return
  throw new HeadwaterError(
    'processor.repeats-effects',
    `${processor} has handled events up to position ${furthest}: from ${position + 1} on, their effects would happen again`,
    { details: { processor, position, furthest } },
  )
}

function halved(ranges: readonly SlotRange[], partition: number | undefined): readonly SlotRange[] {
  const size = ({ first, last }: SlotRange): number => last - first
  const wanted =
    partition === undefined
      ? ranges.reduce((one, other) => (size(other) > size(one) ? other : one))
      : ranges.find(({ first }) => first === partition)
  if (wanted === undefined || size(wanted) === 0 || ranges.length >= mostPartitions) throw invalid(partition)
  const middle = wanted.first + Math.floor(size(wanted) / 2)
  return ranges.flatMap((range) =>
    range === wanted
      ? [
          { first: range.first, last: middle },
          { first: middle + 1, last: range.last },
        ]
      : [range],
  )
}

function joined(ranges: readonly SlotRange[], partition: number | undefined): readonly SlotRange[] {
  const pairs = ranges.slice(1).map((high, index) => ({ low: ranges[index] ?? high, high }))
  const size = ({ low, high }: (typeof pairs)[0]): number => high.last - low.first
  const wanted =
    partition === undefined
      ? pairs.reduce<(typeof pairs)[0] | undefined>(
          (one, other) => (one && size(one) <= size(other) ? one : other),
          undefined,
        )
      : pairs.find(({ low }) => low.first === partition)
  if (wanted === undefined) throw invalid(partition)
  const { low, high } = wanted
  return ranges.flatMap((range) =>
    range === low ? [{ first: low.first, last: high.last }] : range === high ? [] : [range],
  )
}

function invalid(partition: number | undefined): HeadwaterError {
  return new HeadwaterError(
    'processor.invalid-partitions',
    partition === undefined
      ? 'There is nothing to split or merge'
      : `No partition that begins with slot ${partition} can be split or merged`,
  )
}

function neverBegan(processor: string): HeadwaterError {
  return new HeadwaterError('processor.never-began', `${processor} never ran: it has no partitions yet`, {
    details: { processor },
  })
}
