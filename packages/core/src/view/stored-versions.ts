import { HeadwaterError } from '../message/errors.ts'
import { mainBranch } from '../log/port.ts'
import type {
  ViewGeneration,
  ViewVersion,
  ViewVersions,
  ViewVersionsChange,
  ViewVersionsChanged,
} from '../log/view-versions.ts'

/** The versions of all views at one moment. */
export class VersionsSnapshot {
  readonly generation: number
  readonly all: readonly ViewVersion[]
  readonly #byView: ReadonlyMap<string, readonly ViewVersion[]>

  constructor({ generation, versions }: ViewGeneration) {
    this.generation = generation
    this.all = versions
    this.#byView = Map.groupBy(versions, ({ view }) => view)
  }

  /** In the order of their numbers. */
  of(view: string): readonly ViewVersion[] {
    return this.#byView.get(view) ?? []
  }

  find(view: string, version: number): ViewVersion | undefined {
    return this.of(view).find((one) => one.version === version)
  }
}

/** What a change is made of, beside the generation that it is made from. */
export type VersionsChange = Partial<Omit<ViewVersionsChange, 'branch' | 'expected'>>

/** How often a change is made anew because another process was faster. */
const mostAttempts = 100

/** What the store says about the versions of views, at hand in this process, and how it is changed. */
export class StoredVersions {
  readonly #port: ViewVersions
  readonly #onError: (error: unknown) => void
  readonly #stop: () => void
  readonly #listeners = new Set<(snapshot: VersionsSnapshot) => void>()
  #snapshot: VersionsSnapshot
  #refreshing: Promise<void> | undefined
  #again = false

  private constructor(port: ViewVersions, snapshot: VersionsSnapshot, onError: (error: unknown) => void) {
    this.#port = port
    this.#snapshot = snapshot
    this.#onError = onError
    this.#stop = port.onChanged(() => void this.refresh().catch(this.#onError))
  }

  static async load(port: ViewVersions, onError: (error: unknown) => void): Promise<StoredVersions> {
    return new StoredVersions(port, new VersionsSnapshot(await port.read(mainBranch)), onError)
  }

  /** As this process knows them: what another one changed is known within a moment. */
  get snapshot(): VersionsSnapshot {
    return this.#snapshot
  }

  /** Asks the store. What was changed before the call is known after it. */
  async refresh(): Promise<VersionsSnapshot> {
    this.#again = true
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    await this.#refreshing
    return this.#snapshot
  }

  /**
   * Changes the versions: the plan is made from what is stored, anew if another process changes it meanwhile. A plan that is
   * undefined changes nothing.
   */
  async change(
    plan: (snapshot: VersionsSnapshot) => VersionsChange | undefined,
  ): Promise<Exclude<ViewVersionsChanged, { status: 'stale' }> | undefined> {
    let snapshot = await this.refresh()
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const planned = plan(snapshot)
      if (planned === undefined) return undefined
      const changed = await this.#port.change({
        branch: mainBranch,
        expected: snapshot.generation,
        put: [],
        remove: [],
        ...planned,
      })
      snapshot = await this.refresh()
      if (changed.status !== 'stale') return changed
    }
    throw new HeadwaterError(
      'log.busy',
      `Other processes changed the versions of views ${mostAttempts} times in a row`,
    )
  }

  /** Calls back with each new snapshot, at once and in order. */
  listen(listener: (snapshot: VersionsSnapshot) => void): () => void {
    const own = (snapshot: VersionsSnapshot): void => listener(snapshot)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** Resolves when there is another generation, or the signal is aborted. */
  async changed(generation: number, signal: AbortSignal): Promise<void> {
    if (this.#snapshot.generation !== generation || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stop()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const stop = this.listen(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  async close(): Promise<void> {
    this.#stop()
    this.#listeners.clear()
    await this.#refreshing?.catch(this.#onError)
  }

  async #refresh(): Promise<void> {
    while (this.#again) {
      this.#again = false
      const read = await this.#port.read(mainBranch)
      if (read.generation === this.#snapshot.generation) continue
      this.#snapshot = new VersionsSnapshot(read)
      for (const listener of this.#listeners) listener(this.#snapshot)
    }
  }
}
