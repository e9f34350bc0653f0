import { HeadwaterError } from '../message/errors.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import type { ProcessorHandle, ProcessorSummary } from '../process/processor.ts'
import { DelegatingProcessor } from '../process/delegating.ts'
import { ProcessorRunner, type RunnerParts } from '../process/runner.ts'
import { ViewBuild } from './build.ts'
import { Presence, presenceOf } from './presence.ts'
import type { ReadOptions } from './reader.ts'
import type { StoredVersions, VersionsSnapshot } from './stored-versions.ts'
import { askingFirst } from './version-plan.ts'
import { type OnChangedView, roleOf, type VersionRole } from './version-role.ts'
import { type Pace, runnerFor, type VersionStorage } from './version-storage.ts'
import type { View } from './view.ts'

export interface HostParts {
  readonly runner: RunnerParts
  readonly versions: StoredVersions
  readonly storage: VersionStorage
  /** Whether this process keeps views up to date. */
  readonly processors: boolean
  readonly onChanged: OnChangedView
}

const readTimeLimit = 5_000

/** The processor of the version that is read; runs here or elsewhere. */
interface Feeder {
  readonly version: number
  readonly runner: ProcessorRunner
  /** Whether the code of this process may feed it. */
  readonly isOurs: () => boolean
  /** Aborted when another version is read. */
  readonly over: AbortController
}

/** One stored view in this process: which of its versions is read, and what this process does for them. */
export class ViewHost {
  readonly view: View
  readonly storage: VersionStorage
  readonly #parts: HostParts
  readonly #own: { readonly code: string; readonly lifecycle: 'async' | 'inline' }
  readonly #stopListening: () => void
  readonly #ending = new Set<Promise<void>>()
  #openedOn: number | undefined
  #role: VersionRole
  #feeder: Feeder | undefined
  #presence: { readonly name: string; readonly here: Presence } | undefined
  #build: ViewBuild | undefined
  #buildsHere: boolean
  #isRunning = false

  constructor(view: View, parts: HostParts) {
    this.view = view
    const { storage, versions } = parts
    this.storage = {
      define: (version) => storage.define(version),
      drop: (version) => storage.drop(version),
      ...(storage.storeOf && { storeOf: (version) => storage.storeOf?.(version) ?? parts.runner.store }),
      plan: (version, pace) =>
        askingFirst(storage.plan(version, pace), version, versions, () => storage.define(version)),
    }
    this.#parts = parts
    this.#own = { code: view.code, lifecycle: view.lifecycle === 'inline' ? 'inline' : 'async' }
    this.#buildsHere = parts.processors
    this.#role = this.#roleIn(parts.versions.snapshot)
    this.#openedOn = this.#role.current?.version
    this.#stopListening = parts.versions.listen((snapshot) => this.#follow(snapshot))
    this.#follow(parts.versions.snapshot)
  }

  get role(): VersionRole {
    return this.#role
  }

  get own(): { readonly code: string; readonly lifecycle: 'async' | 'inline' } {
    return this.#own
  }

  /** The collection that is read. @throws HeadwaterError `view.unknown` while there is none */
  get collection(): string {
    const { read } = this.#role
    if (read === undefined)
      throw new HeadwaterError('view.unknown', `View ${this.view.name} has no version to be read yet`)
    return read.collection
  }

  /** The build of a version that this process does, or stands by for. */
  get build(): ViewBuild | undefined {
    return this.#build
  }

  /** Begins to feed and to build. */
  run(): void {
    this.#isRunning = true
    this.#follow(this.#parts.versions.snapshot)
  }

  /** Builds in this process from now on, although it runs no processors otherwise. */
  buildHere(): void {
    this.#buildsHere = true
    this.run()
  }

  async stop(): Promise<void> {
    this.#isRunning = false
    this.#stopListening()
    this.#end(this.#feeder?.runner)
    this.#end(this.#presence?.here)
    this.#end(this.#build)
    await Promise.all(this.#ending)
  }

  /** The processor that feeds the version that is read; undefined: it is fed inline, or not at all. */
  get processor(): ProcessorHandle | undefined {
    const feeder = this.#feeder
    return feeder && new ViewProcessor(this.view.name, () => this.#feeder ?? feeder)
  }

  /** Where the version stands that is read, if a processor feeds it. */
  async summary(): Promise<ProcessorSummary | undefined> {
    return this.#feeder?.runner.summary()
  }

  /**
   * Waits until the version that is read shows a position, though another one may take over meanwhile.
   *
   * @throws HeadwaterError `view.wait-timeout`
   */
  async reach(position: number, { timeLimit = readTimeLimit, signal }: ReadOptions): Promise<void> {
    const end = performance.now() + timeLimit
    for (;;) {
      const { current, read } = this.#role
      const feeder = this.#feeder
      const isReadable = read !== undefined && (position === 0 || current?.lifecycle !== 'async')
      if (isReadable || (feeder !== undefined && feeder.runner.position >= position)) return
      const left = Math.max(0, Math.ceil(end - performance.now()))
      if (feeder !== undefined) {
        if (await this.#reachedBy(feeder, position, left, signal)) return
      } else if (left > 0 && signal?.aborted !== true) {
        await this.#versionsChanged(left, signal)
      } else {
        throw new HeadwaterError('view.wait-timeout', `${this.view.name} has no version that is read yet`)
      }
    }
  }

  /** False: another version is read now. */
  async #reachedBy(
    { runner, over }: Feeder,
    position: number,
    timeLimit: number,
    given: AbortSignal | undefined,
  ): Promise<boolean> {
    const signal = given === undefined ? over.signal : AbortSignal.any([over.signal, given])
    try {
      await runner.waitFor(position, { timeLimit, signal })
      return true
    } catch (error) {
      if (over.signal.aborted && timeLimit > 0) return false
      throw error
    }
  }

  async #versionsChanged(timeLimit: number, given: AbortSignal | undefined): Promise<void> {
    const { versions } = this.#parts
    const late = AbortSignal.timeout(timeLimit)
    await versions.changed(
      versions.snapshot.generation,
      given === undefined ? late : AbortSignal.any([late, given]),
    )
  }

  #roleIn(snapshot: VersionsSnapshot): VersionRole {
    return roleOf(this.#own, snapshot.of(this.view.name), this.#openedOn, this.#parts.onChanged)
  }

  #follow(snapshot: VersionsSnapshot): void {
    this.#role = this.#roleIn(snapshot)
    this.#openedOn ??= this.#role.current?.version
    this.#followFeeder()
    this.#followPresence()
    this.#followBuild()
  }

  #followFeeder(): void {
    const { current, mayFeed } = this.#role
    const wanted = current?.lifecycle === 'async' ? current : undefined
    if (this.#feeder !== undefined && this.#feeder.version !== wanted?.version) {
      const { runner, over } = this.#feeder
      this.#feeder = undefined
      over.abort()
      this.#end(runner)
    }
    if (wanted === undefined) return
    this.#feeder ??= {
      version: wanted.version,
      runner: this.#runnerOf(wanted, 'live'),
      isOurs: () => this.#role.mayFeed,
      over: new AbortController(),
    }
    if (!this.#parts.processors) this.#feeder.runner.leaveToOthers()
    else if (this.#isRunning && mayFeed) this.#feeder.runner.run()
  }

  #followPresence(): void {
    const { current, mayFeed } = this.#role
    const wanted = current?.lifecycle === 'inline' && mayFeed ? presenceOf(current.collection) : undefined
    if (this.#presence !== undefined && this.#presence.name !== wanted) {
      this.#end(this.#presence.here)
      this.#presence = undefined
    }
    if (wanted !== undefined && this.#isRunning)
      this.#presence ??= { name: wanted, here: new Presence(wanted, this.#parts.runner) }
  }

  #followBuild(): void {
    const { building } = this.#role
    if (this.#build !== undefined && this.#build.version.version !== building?.version) {
      this.#end(this.#build)
      this.#build = undefined
    }
    if (building === undefined || !this.#isRunning || !this.#buildsHere) return
    const { runner, versions } = this.#parts
    this.#build ??= new ViewBuild(building, { runner, versions, storage: this.storage })
    this.#build.run()
  }

  #runnerOf(version: ViewVersion, pace: Pace): ProcessorRunner {
    const runner = runnerFor(this.storage, version, this.#parts.runner)
    return new ProcessorRunner(this.storage.plan(version, pace), runner)
  }

  #end(part: { stop(): Promise<void> } | undefined): void {
    if (part === undefined) return
    const { onError } = this.#parts.runner
    const ending = part.stop().catch((error: unknown) => onError(error, { processor: this.view.name }))
    this.#ending.add(ending)
    void ending.then(() => this.#ending.delete(ending))
  }
}

/** The processor of a view under the view's own name, whichever version it feeds. */
class ViewProcessor extends DelegatingProcessor {
  readonly #isOurs: () => boolean

  constructor(name: string, feeder: () => Feeder) {
    super(name, () => feeder().runner)
    this.#isOurs = () => feeder().isOurs()
  }

  /** Where other code has to feed the version, this process stands by. */
  override async summary(): Promise<ProcessorSummary> {
    const summary = await super.summary()
    return this.#isOurs() || summary.status === 'paused' ? summary : { ...summary, status: 'standby' }
  }
}
