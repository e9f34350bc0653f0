// message
export {
  command,
  type AnyCommandType,
  type CommandData,
  type CommandMessage,
  type CommandOptions,
  type CommandType,
} from './message/command.ts'
export {
  external,
  type AnyExternal,
  type External,
  type ExternalCall,
  type ExternalDefinition,
  type OutsideContext,
  type Redaction,
} from './message/external.ts'
export { jsonCodec, type Encoded, type PayloadCodec, type PayloadKind } from './message/codec.ts'
export {
  errorCodes,
  HeadwaterError,
  isHeadwaterError,
  type ErrorCode,
  type HeadwaterErrorOptions,
  type Issue,
} from './message/errors.ts'
export {
  event,
  eventFrom,
  type AnyEventType,
  type EventData,
  type EventKind,
  type EventOptions,
  type EventType,
  type NewEvent,
  type NewEventOf,
  type NewEventOptions,
  type VersionOptions,
} from './message/event.ts'
export { versionsAsCode } from './message/upcast.ts'
export { deriveId, eventId, newId, parseEventId } from './message/identity.ts'
export {
  asRecorded,
  recordedEvent,
  type Amended,
  type AmendmentNote,
  type EventEnvelope,
  type EventFields,
  type Fact,
  type FactOf,
  type Reading,
  type RecordedEvent,
  type RecordedEventOf,
} from './message/recorded.ts'
export { describeIssue, jsonSchemaOf, type InputOf, type OutputOf, type Schema } from './message/schema.ts'
export type { DataOfVersions } from './message/upcast.ts'
export { aggregateIdOf, aggregateNameOf, streamName } from './message/stream.ts'
export { noTenant, tenantNamed, type TenantScope } from './message/tenant.ts'
// decide
export {
  aggregate,
  type Aggregate,
  type AggregateDefinition,
  type AggregateOptions,
  type AnyReversals,
  type Concurrency,
  type Decide,
  type Decision,
  type Evolve,
  type Reversals,
} from './decide/aggregate.ts'
export {
  type AggregateBase,
  type AggregateClass,
  aggregateClass,
  type AggregateClassDefinition,
  aggregateOf,
  type AggregateOfDefinition,
  AggregateRoot,
  type Calls,
  type CallResult,
} from './decide/aggregate-class.ts'
export type { DecisionContext } from './decide/context.ts'
export type { Chart, ChartCommand, ChartState, ChartTransition } from './decide/machine/chart.ts'
export type {
  CommandDefinition,
  MachineDefinition,
  NoSuchState,
  Places,
  StateCodes,
  StateDefinition,
  StatesDefinition,
  TransitionDefinition,
} from './decide/machine/definition.ts'
export { fromXState, type XStateImport } from './decide/machine/from-xstate.ts'
export { isMachine, type Machine, machine, type MachineParts } from './decide/machine/machine.ts'
export type { MachineRejection, MachineState } from './decide/machine/run.ts'
export {
  toXState,
  type XStateCommand,
  type XStateConfig,
  type XStateNode,
  type XStateScope,
  type XStateTransition,
} from './decide/machine/to-xstate.ts'
export { Refusal, type RefusalOptions } from './decide/refusal.ts'
export type { ClassDefinition, Turn } from './decide/turn.ts'
export { rule, type Rule, type RuleEntry, type RuleOptions, type RulePeriod } from './decide/rule.ts'
export type { FoldOrder, SnapshotPlan, SnapshotPolicy } from './decide/snapshot-policy.ts'
export type { FoldContext, RuleBook, RuleLookup, RuleRead } from './decide/rule-book.ts'
export { reject, type Reason, type Rejection, type RejectOptions } from './decide/reject.ts'
// log
export { passes, valueAt } from './log/filter.ts'
export { systemClock, type Clock } from './log/clock.ts'
export { EventReader } from './log/event-reader.ts'
export { isOwnerGone, leaseOwner } from './log/owner.ts'
export * from './log/external-journal.ts'
export { branched, type Tails } from './log/branched.ts'
export * from './log/branches.ts'
export { isOfHistory } from './log/checkpoint.ts'
export * from './log/images.ts'
export * from './log/port.ts'
export { appendStorable, askableQuery, isStorable, requireStorable, unstorableIn } from './log/storable.ts'
export {
  isUserTable,
  mostRows,
  tablePrefix,
  userTable,
  type SqlRow,
  type SqlStep,
  type SqlStore,
  type SqlValue,
  type Statement,
} from './log/sql.ts'
export * from './log/snapshots.ts'
export * from './log/controls.ts'
export * from './log/parking.ts'
export {
  arranged,
  mostPartitions,
  reachedBy,
  type Partition,
  type PartitionKey,
  type Progressed,
} from './log/partitions.ts'
export * from './log/progress.ts'
export * from './log/results.ts'
export { allSlots, equalRanges, slotCount, slotOf, type SlotRange } from './log/slots.ts'
export * from './log/store.ts'
export * from './log/view-versions.ts'
export type { TableDefinition, Tables, TableSession, TableTools } from './log/tables.ts'
export { memoryStore, type MemoryStoreOptions } from './log/memory/store.ts'
export { memoryViews, outOfTurn } from './log/memory/view-store.ts'
export { pageOf, readerOf, type Candidates } from './log/scan.ts'
export {
  bytesAfter,
  longestSortable,
  rangesOf,
  scalarBytes,
  sortableBytes,
  type ByteRange,
} from './log/sortable.ts'
export { storeViews } from './log/store-views.ts'
export type {
  ViewCommit,
  ViewDatabase,
  ViewDocument,
  ViewDocumentPage,
  ViewDocumentWrite,
  ViewStore,
} from './log/view-store.ts'
// external
export type { CallOutside, ExternalRead } from './external/calls.ts'
export type { ExternalMode, ExternalModes } from './external/mode.ts'
export type { BlockedCall, ExternalCounts } from './external/tally.ts'
// amend
export type * from './amend/edit.ts'
export type * from './amend/reversal.ts'
export { amendedType } from './amend/amendment.ts'
export type { AmendmentData, AmendmentEdit, AmendmentTarget } from './amend/amendment.ts'
// handle
export {
  handler,
  type CommandHandler,
  type CommandHandlerContext,
  type CommandHandlerDefinition,
  type TablesContext,
} from './handle/handler.ts'
export type { CommandInFlight, Interceptor } from './handle/interceptor.ts'
export type { SnapshotCounts } from './handle/snapshots.ts'
export type { StateOf } from './handle/states.ts'
export type { Accepted, ExecuteOptions, Outcome, RecordedReference, Rejected } from './handle/outcome.ts'
// process
export type { ActOptions } from './process/act.ts'
export type {
  ActSummary,
  DivideOptions,
  ProcessorDesk,
  ReprocessOptions,
  ResetOptions,
  ResultSummary,
} from './process/desk.ts'
export type {
  ParkedDesk,
  ParkedEventDetail,
  ParkedEventSummary,
  ParkedPlace,
  ParkedSequenceSummary,
} from './process/parked-desk.ts'
export type { ReprocessingJob, ReprocessingSummary } from './process/reprocessing-job.ts'
export type {
  PartitionSummary,
  ProcessorHandle,
  ProcessorStatus,
  ProcessorSummary,
} from './process/processor.ts'
export { skipAhead } from './process/skip-ahead.ts'
export {
  defaultRetryPolicy,
  subscription,
  type HandlerContext,
  type RetryPolicy,
  type Start,
  type Subscription,
  type SubscriptionDefinition,
  type SubscriptionTiming,
  type TransactionContext,
} from './process/subscription.ts'
export type { Listen, ListenOptions, PublishOptions } from './process/publisher.ts'
export { topic, type Topic, type TopicMessage } from './process/topic.ts'
// view
export { codeHash } from './message/code-hash.ts'
export type { SqlProjection } from './view/sql-projection.ts'
export type { ListQuery, ReadOptions, ViewItem, ViewPage, ViewReader, ViewSummary } from './view/reader.ts'
export type {
  Rebuild,
  RebuildError,
  RebuildOptions,
  RebuildProgress,
  RebuildState,
  ViewVersionsHandle,
  ViewVersionSummary,
} from './view/rebuild.ts'
export type { OnChangedView } from './view/version-role.ts'
export {
  historyKey,
  historyView,
  type AggregateHistory,
  type HistoryEntry,
  type HistoryViewOptions,
} from './view/history-view.ts'
export type { Change } from './view/changes.ts'
export { searchableWords, wordsOf } from './view/words.ts'
export {
  view,
  type Folds,
  checkViewName,
  type SqlView,
  type View,
  type ViewDefinition,
  type ViewKey,
  type ViewLifecycle,
} from './view/view.ts'
// image
export {
  memoryImage,
  table,
  type ImageFolds,
  type MemoryImage,
  type MemoryImageDefinition,
  type ImageTables,
  type ReadTables,
  type TableType,
  type TableTypes,
} from './image/image.ts'
export type { ImageReader, ImageStatus, ImageSummary } from './image/runner.ts'
export type { ReadTable, Table } from './image/table.ts'
// query
export type { Listing, QueryContext, QueryOptions, ViewReads } from './query/context.ts'
export type { QueryMessage } from './query/message.ts'
export type { QueryInFlight, QueryInterceptor } from './query/interceptor.ts'
export {
  query,
  type AnyQueryType,
  type QueryDefinition,
  type QueryResult,
  type QueryType,
} from './query/query.ts'
export { fieldsOf, inputOfFields, type TextFields } from './query/fields.ts'
// segment
export * from './segment/index.ts'
// catalog
export type {
  Catalog,
  CatalogCommand,
  CatalogContext,
  CatalogEvent,
  CatalogQuery,
  CatalogRule,
} from './catalog/catalog.ts'
export type { CheckedPage, CheckOptions, Misfit } from './catalog/check.ts'
export { CheckTally, type CheckedCount } from './catalog/check-tally.ts'
export { lintNames, type NamingFinding } from './catalog/lint.ts'
// migrate
export { migrate, type MigrationTally, type MigrationTask } from './migrate/copy.ts'
export {
  migration,
  type Dropped,
  type Elsewhere,
  type Kept,
  type Merged,
  type Migration,
  type MigrationDefinition,
  type MigrationRule,
  type Rewriting,
  type Rewritten,
} from './migrate/definition.ts'
export {
  MemoryMap,
  requireSameLogs,
  type MapCheckpoint,
  type MapEntry,
  type MapIdentity,
  type MigrationMap,
} from './migrate/map.ts'
export {
  archiveHead,
  archiveOf,
  areSameCalls,
  areSameTransactions,
  type ArchivedCall,
  type ArchivedCommand,
  type ArchivedProcessor,
  type ArchivedProgress,
  type ArchiveHead,
  type ArchiveRecord,
} from './migrate/archive.ts'
export { headLine, parseHeadLine, parseRecordLine, recordLine } from './migrate/archive-line.ts'
export { otherCall, Restorer, type RestoreTally, type RestoreTask } from './migrate/restore.ts'
export { type Place, type Transaction, transactionsOf } from './migrate/transactions.ts'
export { carryOver, type CarriedOver } from './migrate/processors.ts'
export { verifyMigration, type MigrationFault, type VerifiedPage } from './migrate/verify.ts'
// time
export { describeMoment, type Moment } from './message/moment.ts'
export type { HistoryStep } from './time/stream-past.ts'
export type { DebugOptions } from './time/debug/begin-session.ts'
export type {
  DebugPlace,
  DebugSession,
  Direction,
  RunOptions,
  StateCondition,
  Until,
} from './time/debug/debug-session.ts'
export type * from './time/debug/debug-step.ts'
// app
export type { Amending } from './app/amending.ts'
export { catalogOf } from './app/catalog.ts'
export { checkApp } from './app/check.ts'
export {
  app,
  context,
  type App,
  type AppDefinition,
  type Context,
  type ContextDefinition,
} from './app/definition.ts'
export type * from './app/externals.ts'
export type * from './app/branch.ts'
export type { MayMerge } from './time/merge/may-merge.ts'
export type * from './time/public.ts'
export type * from './app/headwater.ts'
export type { Appended } from './app/append-options.ts'
export type * from './app/predicting.ts'
export { type Look, lookOn } from './app/look.ts'
export type * from './time/forecast/index.ts'
export type { LoadOptions, Repository, Work } from './app/repository.ts'
export type { RuleEntrySummary, RuleSummary } from './app/rules.ts'
export type {
  AggregateSnapshots,
  SnapshotFinding,
  SnapshotInfo,
  SnapshotSelection,
  SnapshotsHandle,
} from './app/snapshots.ts'
export { openStore, type OpenOptions } from './app/open.ts'
export { roles, type Role, type RoleOptions } from './app/roles.ts'
export type { Transacted, TransactionOptions, TransactionWork } from './app/transaction.ts'
