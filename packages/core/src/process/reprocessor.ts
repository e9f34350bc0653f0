import { isHeadwaterError } from '../message/errors.ts'
import type { Reprocessing } from '../log/controls.ts'
import type { FeedPage } from '../log/feed.ts'
import type { Lease } from '../log/leases.ts'
import type { Partition } from '../log/partitions.ts'
import { mainBranch } from '../log/port.ts'
import { allSlots } from '../log/slots.ts'
import { checkpointAt } from './checkpoint.ts'
import type { RunnerParts } from './crew.ts'
import { Lane } from './lane.ts'
import { jobLease, operatorLease } from './lease-names.ts'
import type { ProcessorPlan } from './plan.ts'
import { jobProcessor } from './reprocessing-job.ts'

/** Does the jobs that handle old events of a subscription once more, one after the other, beside its normal run. */
export class Reprocessor {
  readonly #plan: ProcessorPlan
  readonly #parts: RunnerParts
  readonly #stopListening: () => void
  #changes = -1
  /** A job may wait: for another process, until the processor is resumed, or for a moment after an error. */
  #mayHaveJobs = true
  #isOutdated = false
  #isClosed = false
  #lane: Lane | undefined
  #working: Promise<void> | undefined

  constructor(plan: ProcessorPlan, parts: RunnerParts) {
    this.#plan = plan
    this.#parts = parts
    this.#stopListening = parts.watch.listen(() => this.#hear())
  }

  async stop(): Promise<void> {
    this.#isClosed = true
    this.#stopListening()
    this.#lane?.stop()
    await this.#working
  }

  #hear(): void {
    const { watch } = this.#parts
    const { name } = this.#plan
    const control = watch.control(name)
    const isNews = control?.changes !== this.#changes
    this.#changes = control?.changes ?? -1
    this.#mayHaveJobs ||= isNews
    if (control?.paused !== undefined || watch.holder(operatorLease(name)) !== undefined) this.#lane?.stop()
    else if (this.#working === undefined && this.#mayHaveJobs && !this.#isOutdated && !this.#isClosed) {
      this.#working = this.#work()
        .catch((error: unknown) => this.#fail(error))
        .finally(() => {
          this.#working = undefined
        })
    }
    // What is under way may have been cancelled.
    if (isNews) this.#lane?.hear()
  }

  /** Does the first job, unless somebody else does. */
  async #work(): Promise<void> {
    const { store, keeper, owner } = this.#parts
    const { name: processor } = this.#plan
    const [job] = await store.controls.reprocessing({
      branch: mainBranch,
      processor,
      state: 'asked',
      limit: 1,
    })
    this.#mayHaveJobs = job !== undefined
    if (job === undefined) return
    const lease = await keeper.acquire(jobLease(processor, job.id), owner, () => this.#lane?.lose())
    if (lease === undefined) return
    try {
      await this.#do(job, lease)
    } finally {
      this.#lane = undefined
      await keeper.release(lease)
    }
  }

  async #do(job: Reprocessing, lease: Lease): Promise<void> {
    const { store, clock } = this.#parts
    const { log, progress, controls } = store
    const processor = jobProcessor(job)
    const checkpoint = await checkpointAt(log, job.from - 1, await log.head(mainBranch))
    await progress.begin({ processor, branch: mainBranch, ranges: [allSlots], checkpoint })
    const [partition] = await progress.partitions(processor, mainBranch)
    if (partition === undefined) return
    const lane = this.#laneOf(job, partition, lease)
    this.#lane = lane
    await lane.run()
    const isDone = lane.committed >= job.to
    const end = { id: job.id, branch: mainBranch, state: 'done', reached: job.to, at: clock.now() } as const
    if (isDone) await controls.endReprocessing(end, undefined)
    if (isDone || (await this.#hasEnded(job))) await progress.reset(processor, mainBranch)
  }

  #laneOf(job: Reprocessing, partition: Partition, lease: Lease): Lane {
    const { store, feed, clock } = this.#parts
    const plan = this.#planOf(job)
    const types = new Set(plan.events.map(({ type }) => type))
    return new Lane(partition, lease, {
      plan,
      store,
      feed,
      now: () => clock.now(),
      until: job.to,
      isOver: () => this.#hasEnded(job),
      read: async (after) => {
        const page = await feed.read({
          after,
          limit: plan.pageSize,
          tenant: undefined,
          types,
          query: undefined,
        })
        return page.scannedTo <= job.to ? page : upTo(job.to, page)
      },
      onProgress: () => undefined,
    })
  }

  #planOf({ id, processor }: Reprocessing): ProcessorPlan {
    const { workOnJob } = this.#plan
    if (workOnJob === undefined) throw new Error(`${processor} has no effects`)
    return {
      ...this.#plan,
      name: jobProcessor({ id, processor }),
      workOn: () => workOnJob(id),
      job: { id, of: processor },
    }
  }

  async #hasEnded({ id }: Reprocessing): Promise<boolean> {
    const [job] = await this.#parts.store.controls.reprocessing({ branch: mainBranch, id, limit: 1 })
    return job?.state !== 'asked'
  }

  #fail(error: unknown): void {
    if (this.#isClosed && isHeadwaterError(error, 'log.closed')) return
    // A newer process goes on with it.
    if (isHeadwaterError(error, 'event.newer-version')) this.#isOutdated = true
    if (!isHeadwaterError(error, 'processor.fenced'))
      this.#parts.onError(error, { processor: this.#plan.name })
  }
}

function upTo(last: number, { events, ...page }: FeedPage): FeedPage {
  return {
    ...page,
    events: events.filter(({ position }) => position <= last),
    scannedTo: last,
    lastId: undefined,
  }
}
