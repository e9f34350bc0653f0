import type { ParkedDesk } from './parked-desk.ts'
import type { ProcessorHandle, ProcessorSummary } from './processor.ts'

/** A processor under another name, whichever stands behind it at the moment. */
export class DelegatingProcessor implements ProcessorHandle {
  readonly name: string
  readonly #behind: () => ProcessorHandle

  constructor(name: string, behind: () => ProcessorHandle) {
    this.name = name
    this.#behind = behind
  }

  get kind(): ProcessorHandle['kind'] {
    return this.#behind().kind
  }

  get parked(): ParkedDesk {
    return this.#behind().parked
  }

  async summary(): Promise<ProcessorSummary> {
    return { ...(await this.#behind().summary()), name: this.name }
  }

  readonly waitFor: ProcessorHandle['waitFor'] = (...given) => this.#behind().waitFor(...given)
  readonly pause: ProcessorHandle['pause'] = (options) => this.#behind().pause(options)
  readonly resume: ProcessorHandle['resume'] = (options) => this.#behind().resume(options)
  readonly reset: ProcessorHandle['reset'] = (options) => this.#behind().reset(options)
  readonly split: ProcessorHandle['split'] = (options) => this.#behind().split(options)
  readonly merge: ProcessorHandle['merge'] = (options) => this.#behind().merge(options)
  readonly reprocess: ProcessorHandle['reprocess'] = (options) => this.#behind().reprocess(options)
  readonly jobs: ProcessorHandle['jobs'] = (options) => this.#behind().jobs(options)
  readonly job: ProcessorHandle['job'] = (id) => this.#behind().job(id)
  readonly results: ProcessorHandle['results'] = (options) => this.#behind().results(options)
  readonly acts: ProcessorHandle['acts'] = (options) => this.#behind().acts(options)
}
