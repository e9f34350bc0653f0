import { HeadwaterError } from '../message/errors.ts'
import type { Clock } from '../log/clock.ts'
import type { Reprocessing } from '../log/controls.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { type ActOptions, actOf } from './act.ts'

export interface ReprocessingSummary {
  readonly id: string
  readonly processor: string
  /** Positions, both included. */
  readonly from: number
  readonly to: number
  readonly state: 'asked' | 'done' | 'cancelled'
  /** The last position that is done; `from - 1`: it has not begun. */
  readonly reached: number
  readonly actor: string | null
  readonly why: string | null
  readonly askedAt: Date
  readonly endedAt: Date | undefined
}

/** A job that handles old events once more. */
export interface ReprocessingJob {
  readonly id: string
  summary(): Promise<ReprocessingSummary>
  /** Ends it where it is; what was done is done. @returns false: it had ended before */
  cancel(options?: ActOptions): Promise<boolean>
  /** Resolves when it has ended. @throws HeadwaterError `view.wait-timeout` */
  ended(options?: {
    readonly timeLimit?: number
    readonly signal?: AbortSignal
  }): Promise<ReprocessingSummary>
}

export interface JobParts {
  readonly store: Store
  readonly clock: Clock
  readonly tell: () => Promise<void>
}

/** Under this name the store keeps how far a job has come. */
export function jobProcessor({ processor, id }: Pick<Reprocessing, 'processor' | 'id'>): string {
  return `${processor}/${id}`
}

const pause = 20

export class StoredJob implements ReprocessingJob {
  readonly id: string
  readonly #job: Reprocessing
  readonly #parts: JobParts

  constructor(job: Reprocessing, parts: JobParts) {
    this.id = job.id
    this.#job = job
    this.#parts = parts
  }

  async summary(): Promise<ReprocessingSummary> {
    const { controls, progress } = this.#parts.store
    const { id, processor, from, to, asked } = this.#job
    const checkpoint = await progress.checkpoint(jobProcessor(this.#job), mainBranch)
    const [{ state, reached, endedAt } = this.#job] = await controls.reprocessing({
      branch: mainBranch,
      id,
      limit: 1,
    })
    return {
      id,
      processor,
      from,
      to,
      state,
      reached: reached ?? checkpoint?.position ?? from - 1,
      actor: asked.actor,
      why: asked.why,
      askedAt: new Date(asked.at),
      endedAt: endedAt === undefined ? undefined : new Date(endedAt),
    }
  }

  async cancel(options: ActOptions = {}): Promise<boolean> {
    const { store, clock, tell } = this.#parts
    const { reached } = await this.summary()
    const at = clock.now()
    const end = { id: this.id, branch: mainBranch, state: 'cancelled', reached, at } as const
    const isEnded = await store.controls.endReprocessing(end, actOf('cancel', options, at, { id: this.id }))
    await tell()
    return isEnded
  }

  async ended({
    timeLimit = 60_000,
    signal,
  }: Parameters<ReprocessingJob['ended']>[0] = {}): Promise<ReprocessingSummary> {
    const deadline = performance.now() + timeLimit
    for (;;) {
      const summary = await this.summary()
      if (summary.state !== 'asked') return summary
      if (performance.now() > deadline || signal?.aborted === true) {
        throw new HeadwaterError('view.wait-timeout', `Job ${this.id} did not end in time`)
      }
      await this.#parts.clock.sleep(pause, signal)
    }
  }
}
