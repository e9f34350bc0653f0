import type { ViewVersionState } from '../log/view-versions.ts'

export interface RebuildOptions {
  /**
   * A rebuild concerns the documents of every tenant; where the log holds events of others than the nameless one, it has
   * to be said that this is meant.
   */
  readonly allTenants?: boolean
  /** Whether the new version takes over by itself once it has caught up, or when `switchTo` is called. Default `caught-up`. */
  readonly switch?: 'caught-up' | 'asked'
  /** Whether it takes over although events could not be folded and are parked. Default false. */
  readonly withParked?: boolean
  /** Milliseconds for which the version that it replaces is kept, to be switched back to. Default: a day. */
  readonly grace?: number
  /** Whether this process does the work though it runs no processors otherwise. Default: if it runs processors. */
  readonly here?: boolean
}

/**
 * - `building`: it catches up with the log.
 * - `ready`: it has caught up, follows the log, and waits to be switched to.
 * - `blocked`: it has caught up, but events of it are parked: it takes over only if that is asked for.
 * - `switched`: it has taken over.
 * - `failed`: it was given up; `reason` says why.
 */
export type RebuildState = 'building' | 'ready' | 'blocked' | 'switched' | 'failed'

/** How far a rebuild is. */
export interface RebuildProgress {
  readonly view: string
  /** The version that is built. */
  readonly version: number
  readonly state: RebuildState
  /** Everything up to here is folded. */
  readonly position: number
  readonly head: number
  /** From 0 to 1. */
  readonly fraction: number
  /** Positions a second over the last seconds; null: not known yet. */
  readonly rate: number | null
  readonly secondsLeft: number | null
  /** How many events could not be folded, or wait behind one that could not; counted up to 1,000. */
  readonly parked: number
  /** The first of them, of whatever tenant. */
  readonly errors: readonly RebuildError[]
  readonly startedAt: Date
  /** The process that began it. */
  readonly startedBy: string
  /** Whether this process builds it. */
  readonly isHere: boolean
  /** Why it failed; what keeps this process from going on. */
  readonly reason: string | null
}

/** An event that could not be folded; those behind it wait. */
export interface RebuildError {
  readonly tenant: string
  /** The key whose document it concerns. */
  readonly sequence: string
  readonly position: number
  readonly attempts: number
  readonly error: string | null
  readonly parkedAt: Date
}

/** A rebuild that goes on whether or not somebody looks. */
export interface Rebuild {
  readonly view: string
  readonly version: number
  progress(): Promise<RebuildProgress>
  /**
   * The progress from time to time, the last one when it is over.
   *
   * @param options.interval milliseconds; default 250
   */
  updates(options?: {
    readonly interval?: number
    readonly signal?: AbortSignal
  }): AsyncIterable<RebuildProgress>
  /**
   * Resolves when the new version has taken over; with `switch: 'asked'`, when it is ready to.
   *
   * @throws HeadwaterError `view.rebuild-blocked`, `view.rebuild-failed`
   */
  done(options?: { readonly signal?: AbortSignal }): Promise<RebuildProgress>
  /** Gives it up, and drops what was built. */
  cancel(): Promise<void>
}

/** A version of a view, for those who look after it. */
export interface ViewVersionSummary {
  readonly version: number
  readonly state: ViewVersionState
  readonly lifecycle: 'async' | 'inline'
  readonly collection: string
  /** Tells apart which code made it; null: not known. */
  readonly code: string | null
  /** Whether the code of this process makes the same documents. */
  readonly isOwnCode: boolean
  /** How far the log is in it. */
  readonly position: number
  readonly madeBy: string
  readonly madeAt: Date
  readonly changedAt: Date
  /** When a retired version is dropped; null: it is not retired. */
  readonly keptUntil: Date | null
  readonly reason: string | null
}

/** The versions of one view. */
export interface ViewVersionsHandle {
  list(): Promise<readonly ViewVersionSummary[]>
  /**
   * Folds the whole log into a new version, beside the one that is read. A rebuild of the same code that is under way is
   * joined.
   *
   * @throws HeadwaterError `view.other-tenants`, `view.rebuild-running`
   */
  rebuild(options?: RebuildOptions): Promise<Rebuild>
  /** The rebuild that is under way, or the last one. @throws HeadwaterError `view.no-rebuild` */
  rebuilding(): Promise<Rebuild>
  /**
   * Has a version take over: one that is built and waits, or, back, one that was retired. That one catches up first, by a
   * process whose code made it.
   *
   * @throws HeadwaterError `view.version-unknown`, `view.other-tenants`
   */
  switchTo(
    version: number,
    options?: Pick<RebuildOptions, 'allTenants' | 'withParked' | 'here'>,
  ): Promise<Rebuild>
  /** Says that the current version is as this code would have made it, so that it counts as unchanged. */
  accept(): Promise<void>
  /** Drops a version that is not current. @throws HeadwaterError `view.version-unknown` */
  drop(version: number): Promise<void>
}
