import type { BlockedCall } from '../external/tally.ts'
import type { Moment } from '../message/moment.ts'
import type { TenantScope } from '../message/tenant.ts'
import type { BranchDifference, CompareOptions } from '../time/compare/difference.ts'
import type { ReplayOptions, ReplayReport } from '../time/replay/report.ts'
import type { MergeChoices, MergeOutcome, MergeOptions, MergePlan } from '../time/merge/plan.ts'

/** What a branch does as main does it: decide, record and read. Nothing that has an effect is among it. */
export type BranchMethods =
  | 'execute'
  | 'executeRaw'
  | 'append'
  | 'appendAll'
  | 'amend'
  | 'amendRaw'
  | 'ignore'
  | 'correct'
  | 'restore'
  | 'planReversal'
  | 'revert'
  | 'query'
  | 'queryRaw'
  | 'state'
  | 'history'
  | 'events'
  | 'readEvents'
  | 'stream'
  | 'readStream'
  | 'streams'
  | 'event'
  | 'trace'
  | 'commands'
  | 'head'
  | 'lastPosition'
  | 'view'
  | 'forecast'
  | 'debug'

/** What only a branch has. Each call looks whether it is still there. */
export interface BranchOwn {
  readonly name: string
  /** Whose data is on it. */
  readonly tenant: string
  /** @throws HeadwaterError `branch.unknown` */
  info(): Promise<BranchInfo>
  /**
   * Moves the branch's clock: what is decided on it from now on is decided then. It goes on from there as time goes by.
   *
   * @throws HeadwaterError `branch.unknown`, `branch.invalid`
   */
  moveTo(time: Date): Promise<BranchInfo>
  /**
   * What differs between the branch and what it began on, or another one: events, what was said about events, states of
   * streams, documents of views, what commands came to.
   *
   * @throws HeadwaterError `branch.unknown`, `branch.invalid`, `view.unknown`
   */
  diff(options?: CompareOptions): Promise<BranchDifference>
  /**
   * What merging the branch into what it began on would do, and what has to be decided before.
   *
   * @throws HeadwaterError `branch.unknown`, `merge.too-large`, `merge.unknown-step`
   */
  plan(choices?: MergeChoices): Promise<MergePlan>
  /**
   * Takes what was recorded on the branch over into what it began on: events and amendments keep their ids, so that merging
   * again takes over only what is new. All of it or none; then commands that are to be decided again are.
   *
   * @throws HeadwaterError `branch.unknown`, `merge.conflict`, `merge.refused`, `merge.moved`, `merge.too-large`,
   *   `merge.unknown-step`, `command.id-reused`
   */
  merge(options: MergeOptions): Promise<MergeOutcome>
  /**
   * Replays what is on the branch as amendments have made it. Facts follow their amendments anyway: replaying them changes
   * nothing, and waits until the views show it. Of decisions, those are made again, as of then, that went by something which
   * is another one now; what they come to otherwise is recorded on the branch as amendments. Done twice, it has one effect.
   *
   * @throws HeadwaterError `branch.unknown`, `replay.invalid`, `replay.moved`, `replay.underway`
   */
  replay(options: ReplayOptions): Promise<ReplayReport>
  /**
   * Calls to the outside that this process did not make on the branch, the last first.
   *
   * @throws HeadwaterError `branch.unknown`
   */
  blocked(): Promise<readonly BlockedCall[]>
  /**
   * Forgets the branch and all that is on it.
   *
   * @throws HeadwaterError `branch.unknown`, `branch.has-branches`
   */
  drop(): Promise<void>
}

export interface BranchInfo {
  readonly name: string
  readonly tenant: string
  /** The branch that it begins on; null: main. */
  readonly from: string | null
  /** The last position that it has of that one. */
  readonly base: number
  /** When what stands there was recorded; null: nothing does. */
  readonly basedAt: Date | null
  /** Its last position. */
  readonly head: number
  /** What time it is there. */
  readonly now: Date
  readonly actor: string | null
  readonly createdAt: Date
}

export interface BranchOptions {
  /** The branch to begin on. Default: main. */
  readonly from?: string
  /**
   * Where to begin: a position, or a time, up to which everything counts that had been recorded by then. Default: at the end.
   */
  readonly at?: Moment
  readonly tenant?: string
  readonly actor?: string | null
}

export interface BranchListOptions extends TenantScope {
  /** The name of the last one of the page before; of all tenants, with the tenant. */
  readonly after?: { readonly tenant?: string; readonly name: string }
  /** Up to 1,000; default 100. */
  readonly limit?: number
}

/** The branches of an app's log. */
export interface BranchesHandle {
  /**
   * Begins a branch. It costs the same however long the log is.
   *
   * @throws HeadwaterError `branch.invalid`, `branch.taken`, `branch.unknown`, `branch.unsupported`, `time.not-yet`,
   *   `tenant.invalid-name`
   */
  create(name: string, options?: BranchOptions): Promise<BranchInfo>
  /**
   * By their tenants and names.
   *
   * @throws HeadwaterError `branch.unsupported`, `tenant.invalid-name`
   */
  list(options?: BranchListOptions): Promise<readonly BranchInfo[]>
}
