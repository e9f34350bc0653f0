import { HeadwaterError } from '../message/errors.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import type { ProcessorPlan } from '../process/plan.ts'
import type { Collected, ProcessorWork, Retried, Taken, ToRetry } from '../process/work.ts'
import type { StoredVersions } from './stored-versions.ts'

/**
 * The plan of a version's processor, whose work asks the store whether the version is still fed by a processor before it
 * begins. A process that stood by may get the lease at the very moment at which appends have begun to feed the version:
 * folding then would fold their events once more.
 */
export function askingFirst(
  plan: ProcessorPlan,
  version: ViewVersion,
  versions: Pick<StoredVersions, 'refresh'>,
  define: () => Promise<void>,
): ProcessorPlan {
  const mayBegin = async (): Promise<boolean> => {
    const known = (await versions.refresh()).find(version.view, version.version)
    return known !== undefined && isFedByProcessor(known)
  }
  const isStillFed = async (): Promise<boolean> => {
    if (!(await mayBegin())) return false
    await define()
    return true
  }
  return { ...plan, mayBegin, workOn: (scope) => new AskingWork(plan.workOn(scope), isStillFed) }
}

function isFedByProcessor({ state, lifecycle }: ViewVersion): boolean {
  return state === 'building' || (state === 'current' && lifecycle === 'async')
}

class AskingWork implements ProcessorWork {
  readonly #work: ProcessorWork
  readonly #isStillFed: () => Promise<boolean>
  #isOver = false

  constructor(work: ProcessorWork, isStillFed: () => Promise<boolean>) {
    this.#work = work
    this.#isStillFed = isStillFed
  }

  get isSequential(): boolean {
    return this.#work.isSequential ?? false
  }

  get isFull(): boolean {
    return this.#work.isFull
  }

  get isDirty(): boolean {
    return this.#work.isDirty
  }

  get oldest(): number | undefined {
    return this.#work.oldest
  }

  async begin(...given: Parameters<ProcessorWork['begin']>): Promise<void> {
    // Who hears that it is not stops the processor, which may ask for a little more until then.
    this.#isOver = !(await this.#isStillFed())
    await this.#work.begin(...given)
  }

  async process(...given: Parameters<ProcessorWork['process']>): Promise<Taken> {
    this.#requireFed()
    return this.#work.process(...given)
  }

  async retry(sequences: readonly ToRetry[]): Promise<readonly Retried[]> {
    this.#requireFed()
    return this.#work.retry(sequences)
  }

  settle(): Promise<void> {
    return this.#work.settle()
  }

  collect(): Collected {
    return this.#work.collect()
  }

  /** Until the processor is stopped here, it is as if another process had its work. */
  #requireFed(): void {
    if (!this.#isOver) return
    throw new HeadwaterError('processor.fenced', 'The version is not fed by a processor any more')
  }
}
