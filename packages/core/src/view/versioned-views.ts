import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { type EventRow, mainBranch } from '../log/port.ts'
import type { RunnerParts } from '../process/runner.ts'
import { buildOptionsOf } from './build-options.ts'
import { CodeFollower } from './code-follower.ts'
import { makeFirstVersions, type Maker } from './first-versions.ts'
import { ViewHost } from './host.ts'
import { letGo } from './let-go.ts'
import { OpenDatabases } from './open-databases.ts'
import { Rate } from './rate.ts'
import type {
  Rebuild,
  RebuildOptions,
  RebuildProgress,
  ViewVersionsHandle,
  ViewVersionSummary,
} from './rebuild.ts'
import {
  acceptCurrent,
  beginRebuild,
  beginSwitch,
  buildingOf,
  giveUp,
  type RebuildParts,
} from './rebuilds.ts'
import { RunningRebuild } from './running-rebuild.ts'
import { StoredVersions, type VersionsSnapshot } from './stored-versions.ts'
import { hasOld, sweep } from './sweep.ts'
import { isMadeBy, type OnChangedView } from './version-role.ts'
import { databaseStorage } from './elsewhere.ts'
import { sqlStorage } from './sql-work.ts'
import { ownStorage, type VersionStorage } from './version-storage.ts'
import type { ViewParts } from './view-parts.ts'
import type { ViewVersion } from '../log/view-versions.ts'
import type { View } from './view.ts'

export interface VersionedViewsOptions {
  readonly onChanged: OnChangedView
  /** Gets what somebody should know and nothing failed by. */
  readonly onWarning: (warning: HeadwaterError) => void
  /** Milliseconds for which a replaced version is kept. */
  readonly grace: number
  /** Whether this process keeps views up to date. */
  readonly processors: boolean
  readonly codec: PayloadCodec
  /** The event types that the app records itself. */
  readonly recorded: ReadonlySet<string>
}

const sweepInterval = 60_000

/** The stored views of an app in this process, with their versions, from its opening to its end. */
export class VersionedViews {
  readonly versions: StoredVersions
  readonly hosts: readonly ViewHost[]
  /** Those that hold documents of views, beside Headwater's store. */
  readonly databases = new OpenDatabases()
  readonly #runner: RunnerParts
  readonly #options: VersionedViewsOptions
  readonly #rebuilds: RebuildParts
  readonly #rates = new Map<string, Rate>()
  readonly #follower: CodeFollower
  #stopListening: (() => void) | undefined
  #stopSweeping: (() => void) | undefined
  #sweeping: Promise<void> = Promise.resolve()

  private constructor(
    views: readonly View[],
    versions: StoredVersions,
    runner: RunnerParts,
    options: VersionedViewsOptions,
  ) {
    const { onError, clock, owner } = runner
    const { processors, onChanged, grace, codec } = options
    this.versions = versions
    this.#runner = runner
    this.#options = options
    const maker: Maker = { owner, now: () => clock.now() }
    this.#rebuilds = { runner, versions, maker, grace }
    this.#follower = new CodeFollower(options, this.#rebuilds)
    this.hosts = views
      .filter(({ lifecycle }) => lifecycle !== 'live')
      .map((view) => {
        const source = { log: runner.store.log, decode: (row: EventRow) => runner.feed.decode(row) }
        const storage = this.#storageOf(view, { source, codec, onError, clock })
        return new ViewHost(view, { runner, versions, storage, processors, onChanged })
      })
  }

  /**
   * Reads which versions there are, gives new views their first one, and notices changed code.
   *
   * @throws HeadwaterError `view.changed` where that is refused
   */
  static async open(
    views: readonly View[],
    runner: RunnerParts,
    options: VersionedViewsOptions,
  ): Promise<VersionedViews> {
    const versions = await StoredVersions.load(runner.store.viewVersions, (error) =>
      runner.onError(error, {}),
    )
    const opened = new VersionedViews(views, versions, runner, options)
    try {
      await opened.#letGo()
      await makeFirstVersions(opened.hosts, versions, runner.store, opened.#rebuilds.maker)
      await opened.#follower.look(opened.hosts)
      for (const host of opened.hosts)
        if (host.role.read !== undefined) await host.storage.define(host.role.read)
      return opened
    } catch (error) {
      await opened.close()
      throw error
    }
  }

  async #letGo(): Promise<void> {
    const { recorded, grace, onWarning } = this.#options
    const kept = new Set(this.hosts.map(({ view }) => view.name))
    const now = this.#runner.clock.now()
    for (const warning of await letGo(kept, recorded, this.versions, now, grace)) onWarning(warning)
  }

  #storageOf(view: View, parts: Omit<ViewParts, 'processor' | 'collection' | 'documents'>): VersionStorage {
    const { store } = this.#runner
    if (view.sql !== undefined) return sqlStorage(view, view.sql, store, parts)
    if (view.database === undefined) return ownStorage(view, store, parts)
    return databaseStorage(view, this.databases.open(view.database), store, parts)
  }

  host(view: string): ViewHost | undefined {
    return this.hosts.find((host) => host.view.name === view)
  }

  /** Asks the store for the versions. */
  refresh(): Promise<unknown> {
    return this.versions.refresh()
  }

  /** Begins to feed, to build and to clear away. Resolves when every inline view can take part in appends. */
  async run(): Promise<void> {
    for (const host of this.hosts) host.run()
    if (this.#options.processors) {
      this.#stopListening = this.versions.listen((snapshot) => this.#sweepAsNeeded(snapshot))
      this.#sweepAsNeeded(this.versions.snapshot)
    }
    await Promise.all(this.hosts.map((host) => this.#awaitInline(host)))
  }

  async close(): Promise<void> {
    // A version that takes over while its host stops has left an old one, which others will sweep.
    this.#stopListening?.()
    this.#stopSweeping?.()
    await this.#follower.close()
    await Promise.all(this.hosts.map((host) => host.stop()))
    await this.#sweeping
    await this.versions.close()
    await this.databases.close()
  }

  /** @throws HeadwaterError `view.not-stored` for a live view */
  handle(view: View): ViewVersionsHandle {
    const host = this.host(view.name)
    if (host === undefined)
      throw new HeadwaterError('view.not-stored', `View ${view.name} is live: it has no stored documents`, {
        details: { view: view.name },
      })
    return {
      list: () => this.#list(host),
      rebuild: (options = {}) => this.#rebuild(host, options),
      rebuilding: async () => this.#rebuilding(host),
      switchTo: async (version, options = {}) => {
        const begun = await beginSwitch(host, version, options, this.#rebuilds)
        return this.#watch(host, begun.version, options.here)
      },
      accept: () => acceptCurrent(host, this.#rebuilds),
      drop: async (version) => {
        await giveUp(host, version, `${this.#runner.owner} dropped it`, this.#rebuilds)
        await this.#sweep()
      },
    }
  }

  /** The version of a view that is being built; null: none is. */
  async building(host: ViewHost): Promise<RebuildProgress | null> {
    const building = buildingOf(this.versions.snapshot, host.view.name)
    return building === undefined ? null : this.#watch(host, building.version, false).progress()
  }

  async #rebuild(host: ViewHost, options: RebuildOptions): Promise<Rebuild> {
    const begun = await beginRebuild(host, options, this.#rebuilds)
    return this.#watch(host, begun.version, options.here)
  }

  #watch(host: ViewHost, version: number, here = this.#options.processors): Rebuild {
    if (here) host.buildHere()
    const id = `${host.view.name}@${version}`
    const rate = this.#rates.get(id) ?? new Rate()
    this.#rates.set(id, rate)
    return new RunningRebuild(host, version, rate, this.#rebuilds)
  }

  #rebuilding(host: ViewHost): Rebuild {
    const versions = this.versions.snapshot.of(host.view.name)
    const building = versions.find(({ state }) => state === 'building')
    const isFirst = versions.every(({ version, state }) => version === 1 && state === 'current')
    const last = building ?? (isFirst ? undefined : lastChanged(versions))
    if (last === undefined)
      throw new HeadwaterError('view.no-rebuild', `View ${host.view.name} was never rebuilt`, {
        details: { view: host.view.name },
      })
    return this.#watch(host, last.version, false)
  }

  async #list(host: ViewHost): Promise<readonly ViewVersionSummary[]> {
    const { store, feed } = this.#runner
    const versions = (await this.versions.refresh()).of(host.view.name)
    return Promise.all(
      versions.map(async (version) => {
        const checkpoint = await store.progress.checkpoint(version.processor, mainBranch)
        const isAtHead = version.state === 'current' && version.lifecycle === 'inline'
        const { keptUntil } = buildOptionsOf(version.options)
        return {
          version: version.version,
          state: version.state,
          lifecycle: version.lifecycle,
          collection: version.collection,
          code: version.code === '' ? null : version.code,
          isOwnCode: isMadeBy(host.own, version),
          position: isAtHead ? feed.head : (checkpoint?.position ?? 0),
          madeBy: version.madeBy,
          madeAt: new Date(version.madeAt),
          changedAt: new Date(version.changedAt),
          keptUntil: version.state === 'retired' ? new Date(keptUntil) : null,
          reason: version.reason,
        }
      }),
    )
  }

  /** What appends feed is current at any moment, so none is made as long as this code can't feed it. */
  async #awaitInline(host: ViewHost): Promise<void> {
    for (;;) {
      const { building, current, mayFeed } = host.role
      const isFedInline = (current ?? building)?.lifecycle === 'inline'
      if (!isFedInline || (current !== undefined && mayFeed)) return
      if (building !== undefined) {
        if (await isDone(this.#watch(host, building.version, true))) return
      } else if (this.#follower.isWaiting(host)) {
        const { generation } = this.versions.snapshot
        await this.versions.changed(generation, AbortSignal.timeout(this.#runner.leaseDuration))
      } else return
    }
  }

  /** From time to time, as long as there is something to wait for. */
  #sweepAsNeeded(snapshot: VersionsSnapshot): void {
    if (!this.hosts.some(({ view }) => hasOld(snapshot, view.name))) {
      this.#stopSweeping?.()
      this.#stopSweeping = undefined
    } else if (this.#stopSweeping === undefined) {
      this.#stopSweeping = this.#runner.clock.every(sweepInterval, () => void this.#sweep())
      void this.#sweep()
    }
  }

  async #sweep(): Promise<void> {
    const { store, clock, onError } = this.#runner
    this.#sweeping = this.#sweeping
      .then(() => sweep(this.hosts, this.versions, store, clock.now()))
      .catch((error: unknown) => onError(error, {}))
    await this.#sweeping
  }
}

/** False: it was given up, such as for a rebuild by newer code. */
/** Of two that took turns, the one that took over. */
function lastChanged(versions: readonly ViewVersion[]): ViewVersion | undefined {
  const rank = ({ state }: ViewVersion): number => (state === 'current' ? 1 : 0)
  return versions.toSorted((a, b) => a.changedAt - b.changedAt || rank(a) - rank(b)).at(-1)
}

async function isDone(rebuild: Rebuild): Promise<boolean> {
  try {
    await rebuild.done()
    return true
  } catch (error) {
    if (isHeadwaterError(error, 'view.rebuild-failed')) return false
    throw error
  }
}
