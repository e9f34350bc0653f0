export type {
  AmendingClient,
  AmendOptions,
  Correction,
  Edit,
  Insertion,
  RevertOptions,
} from './amending-client.ts'
export type { Amended, Amendments, Reversal, ReversedEvent } from './amendments-wire.ts'
export type { Backoff } from './backoff.ts'
export type {
  Branch,
  BranchDetails,
  BranchesClient,
  DiffOptions,
  MergeOptions,
} from './branches-client.ts'
export type * from './branch-wire.ts'
export type { ReplayedOutcome, ReplayOptions, ReplayReport } from './replay-wire.ts'
export type {
  Catalog,
  CatalogAggregate,
  CatalogChart,
  CatalogCommand,
  CatalogContext,
  CatalogEvent,
  CatalogQuery,
  CatalogRule,
  CatalogState,
  CatalogSubscription,
  CatalogView,
  JsonSchema,
} from './catalog.ts'
export type {
  BlockedCall,
  ExternalCall,
  ExternalCaller,
  ExternalList,
  ExternalSummary,
} from './external-wire.ts'
export {
  type AskOptions,
  type Client,
  createClient,
  type ExecuteOptions,
  type ExternalCallsQuery,
} from './client.ts'
export { newCommandId } from './command-id.ts'
export type {
  Changed,
  DebugClient,
  DebugMove,
  DebugOptions,
  DebugPlace,
  DebugStep,
} from './debug-client.ts'
export type * from './forecast-wire.ts'
export type { EventFeed, EventObservable } from './feed.ts'
export type { ConnectionState, FollowOptions } from './follow.ts'
export type { Comparison, ListOptions, Scalar } from './list-options.ts'
export type { Moment } from './moment.ts'
export { type Fault, HeadwaterProblem, type ProblemDocument } from './problem.ts'
export type { ActOptions, ParkedClient, ParkedPlace, ProcessorClient } from './processor-client.ts'
export { createSseParser, type ServerSentMessage, type SseParser } from './sse.ts'
export type { TransportOptions } from './transport.ts'
export type { VersionsClient } from './versions-client.ts'
export type {
  Hypothesis,
  Look,
  PredictedOutcome,
  PredictingClient,
  Prediction,
  SupposedCommand,
} from './predict-client.ts'
export type { ViewClient } from './view-client.ts'
export type {
  Accepted,
  AggregateSnapshots,
  Change,
  CommandLogPage,
  Document,
  Envelope,
  HistoryStep,
  ImageSummary,
  Intervention,
  Lag,
  LoggedCommand,
  LogPage,
  OperatorAct,
  Page,
  ParkedEvent,
  ParkedEventDetail,
  ParkedSequence,
  ProcessingResult,
  ProcessorPartition,
  ProcessorSummary,
  Reprocessing,
  RebuildProgress,
  RebuildRequest,
  RejectionReason,
  RuleEntry,
  RuleSummary,
  StreamHistory,
  StreamPage,
  StreamState,
  StreamSummary,
  Trace,
  TracedCommand,
  ViewSummary,
  ViewVersion,
} from './wire.ts'
