import type { BranchRow } from '../log/branches.ts'
import type { BranchDifference, CompareOptions } from '../time/compare/difference.ts'
import type { MergeChoices, MergeOutcome, MergeOptions, MergePlan } from '../time/merge/plan.ts'
import type { ReplayOptions, ReplayReport } from '../time/replay/report.ts'
import type { BranchInfo, BranchMethods } from './branch.ts'
import type { Headwater } from './headwater.ts'

/** What works on one branch. */
export type OnBranch = Pick<Headwater, BranchMethods | 'externals'> & {
  replay(options: ReplayOptions): Promise<ReplayReport>
  stop(): Promise<void>
}

/** Where branches are found and worked on. */
export interface BranchDesk {
  /** @throws HeadwaterError `branch.unknown`, `branch.unsupported` */
  find(name: string, tenant: string): Promise<BranchRow>
  info(row: BranchRow): Promise<BranchInfo>
  moveTo(row: BranchRow, time: Date): Promise<BranchInfo>
  diff(row: BranchRow, options: CompareOptions | undefined): Promise<BranchDifference>
  plan(row: BranchRow, choices: MergeChoices | undefined): Promise<MergePlan>
  merge(row: BranchRow, options: MergeOptions): Promise<MergeOutcome>
  drop(row: BranchRow): Promise<void>
  use<Result>(row: BranchRow, work: (on: OnBranch) => Promise<Result>): Promise<Result>
  each<Item>(row: BranchRow, items: (on: OnBranch) => AsyncIterable<Item>): AsyncGenerator<Item>
}
