import { mainBranch } from '../log/port.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import { ProcessorRunner, type RunnerParts } from '../process/runner.ts'
import { buildOptionsOf } from './build-options.ts'
import type { StoredVersions } from './stored-versions.ts'
import { takeOver } from './take-over.ts'
import { runnerFor, type VersionStorage } from './version-storage.ts'

export interface BuildParts {
  readonly runner: RunnerParts
  readonly versions: StoredVersions
  readonly storage: VersionStorage
}

/** Milliseconds between two looks at whether it has caught up. */
const lookInterval = 100

/**
 * Builds one version in this process, or stands by for another one that does, until the version is no longer being built:
 * because it has taken over, or was given up.
 */
export class ViewBuild {
  readonly version: ViewVersion
  readonly #parts: BuildParts
  readonly #stopping = new AbortController()
  #runner: ProcessorRunner
  #running: Promise<void> | undefined

  constructor(version: ViewVersion, parts: BuildParts) {
    this.version = version
    this.#parts = parts
    this.#runner = this.#newRunner()
  }

  /** What the processor says that does the work, or stands by. */
  summary(): ReturnType<ProcessorRunner['summary']> {
    return this.#runner.summary()
  }

  run(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.#runner.stop()
  }

  async #run(): Promise<void> {
    const { clock, onError } = this.#parts.runner
    const { signal } = this.#stopping
    this.#runner.run()
    while (!signal.aborted) {
      try {
        if (await this.#look()) return
      } catch (error) {
        onError(error, { processor: this.version.processor })
      }
      await clock.idle(lookInterval, signal)
    }
  }

  /** Whether there is nothing left to do. */
  async #look(): Promise<boolean> {
    const version = this.#find()
    if (version?.state !== 'building') return true
    if (!(await this.#isReady(version))) return false
    // From here on nobody may fold into it but who holds its lease, and that is who switches.
    await this.#runner.stop()
    try {
      return await takeOver(version, this.#parts)
    } finally {
      this.#runner = this.#newRunner()
      if (this.#find()?.state === 'building' && !this.#stopping.signal.aborted) this.#runner.run()
    }
  }

  #find(): ViewVersion | undefined {
    const { view, version } = this.version
    return this.#parts.versions.snapshot.find(view, version)
  }

  async #isReady({ processor, options }: ViewVersion): Promise<boolean> {
    const { store, feed } = this.#parts.runner
    const { switch: when, withParked } = buildOptionsOf(options)
    const { status, position } = await this.#runner.summary()
    if (when !== 'caught-up' || status !== 'running' || position < feed.head) return false
    if (withParked) return true
    return (await store.parking.count(processor, mainBranch, 1)) === 0
  }

  #newRunner(): ProcessorRunner {
    const { storage, runner } = this.#parts
    return new ProcessorRunner(storage.plan(this.version, 'build'), runnerFor(storage, this.version, runner))
  }
}
