export type * from './compare/difference.ts'
export type * from './merge/plan.ts'
export type {
  ChangedOutcome,
  HeldBackReaction,
  ReplayCause,
  ReplayedDecisions,
  ReplayedOutcome,
  ReplayedStatus,
  ReplayMode,
  ReplayOptions,
  ReplayProgress,
  ReplayReport,
  Undecided,
} from './replay/report.ts'
