import type {
  Act,
  ActRow,
  ActsQuery,
  Control,
  Controls,
  Intervention,
  Reprocessing,
  ReprocessingEnd,
  ReprocessingQuery,
  ReprocessingRequest,
} from '../controls.ts'
import type { Gate } from './gate.ts'
import type { MemoryProcessors } from './processors.ts'

export class MemoryControls implements Controls {
  readonly #gate: Gate
  readonly #processors: MemoryProcessors

  constructor(gate: Gate, processors: MemoryProcessors) {
    this.#gate = gate
    this.#processors = processors
  }

  async list(branch: number): Promise<readonly Control[]> {
    await this.#gate.pass()
    return this.#processors
      .all(branch)
      .filter(({ changes }) => changes > 0)
      .map(({ name, changes, paused, declared }) => ({ processor: name, changes, paused, declared }))
  }

  pause(processor: string, branch: number, act: Act): Promise<void> {
    return this.#say(processor, branch, interventionOf(act), act)
  }

  resume(processor: string, branch: number, act: Act): Promise<void> {
    return this.#say(processor, branch, undefined, act)
  }

  async acts({
    processor,
    branch,
    before = Number.POSITIVE_INFINITY,
    limit,
  }: ActsQuery): Promise<readonly ActRow[]> {
    await this.#gate.pass()
    return this.#processors
      .of(processor, branch)
      .acts.filter(({ sequence }) => sequence < before)
      .toReversed()
      .slice(0, limit)
  }

  async askReprocessing(job: ReprocessingRequest, act: Act): Promise<void> {
    await this.#gate.pass()
    const { jobs } = this.#processors
    const key = keyOf(job)
    if (jobs.has(key)) return
    const asked = interventionOf(act)
    jobs.set(key, { ...job, asked, state: 'asked', reached: undefined, endedAt: undefined })
    this.#processors.note(this.#processors.of(job.processor, job.branch), act)
  }

  async reprocessing({
    branch,
    processor,
    id,
    state,
    limit,
  }: ReprocessingQuery): Promise<readonly Reprocessing[]> {
    await this.#gate.pass()
    return [...this.#processors.jobs.values()]
      .filter((job) => job.branch === branch)
      .filter((job) => processor === undefined || job.processor === processor)
      .filter((job) => id === undefined || job.id === id)
      .filter((job) => state === undefined || job.state === state)
      .slice(0, limit)
  }

  async endReprocessing(
    { id, branch, state, reached, at }: ReprocessingEnd,
    act: Act | undefined,
  ): Promise<boolean> {
    await this.#gate.pass()
    const { jobs } = this.#processors
    const key = keyOf({ id, branch })
    const job = jobs.get(key)
    if (job?.state !== 'asked') return false
    jobs.set(key, { ...job, state, reached, endedAt: at })
    const processor = this.#processors.of(job.processor, branch)
    if (act === undefined) processor.changes += 1
    else this.#processors.note(processor, act)
    return true
  }

  async #say(name: string, branch: number, paused: Intervention | undefined, act: Act): Promise<void> {
    await this.#gate.pass()
    const processor = this.#processors.of(name, branch)
    processor.paused = paused
    this.#processors.note(processor, act)
  }
}

function interventionOf({ actor, why, at }: Act): Intervention {
  return { actor, why, at }
}

function keyOf({ branch, id }: { readonly branch: number; readonly id: string }): string {
  return JSON.stringify([branch, id])
}
