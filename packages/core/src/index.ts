// message
export {
  command,
  type AnyCommandType,
  type CommandData,
  type CommandMessage,
  type CommandOptions,
  type CommandType,
} from './message/command.ts'
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
  type AnyEventType,
  type EventData,
  type EventKind,
  type EventOptions,
  type EventType,
  type NewEvent,
  type NewEventOf,
} from './message/event.ts'
export { deriveId, eventId, newId, parseEventId } from './message/identity.ts'
export {
  recordedEvent,
  type EventEnvelope,
  type EventFields,
  type Fact,
  type FactOf,
  type RecordedEvent,
  type RecordedEventOf,
} from './message/recorded.ts'
export { describeIssue, jsonSchemaOf, type InputOf, type OutputOf, type Schema } from './message/schema.ts'
export { aggregateIdOf, aggregateNameOf, streamName } from './message/stream.ts'
// decide
export {
  aggregate,
  type Aggregate,
  type AggregateDefinition,
  type Concurrency,
  type Decide,
  type Decision,
  type Evolve,
} from './decide/aggregate.ts'
export type { DecisionContext } from './decide/context.ts'
export { reject, type Reason, type Rejection, type RejectOptions } from './decide/reject.ts'
// log
export { isOwnerGone, leaseOwner } from './log/owner.ts'
export * from './log/port.ts'
export * from './log/store.ts'
export { memoryStore, type MemoryStoreOptions } from './log/memory/store.ts'
// handle
export type { CommandInFlight, Interceptor } from './handle/interceptor.ts'
export type { Accepted, ExecuteOptions, Outcome, RecordedReference, Rejected } from './handle/outcome.ts'
// process
export type {
  ParkedEventSummary,
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
// view
export type { ListQuery, ReadOptions, ViewItem, ViewPage, ViewReader, ViewSummary } from './view/reader.ts'
export {
  view,
  type Folds,
  type View,
  type ViewDefinition,
  type ViewKey,
  type ViewLifecycle,
} from './view/view.ts'
// catalog
export type { Catalog, CatalogCommand, CatalogContext, CatalogEvent } from './catalog/catalog.ts'
export { lintNames, type NamingFinding } from './catalog/lint.ts'
// app
export {
  app,
  context,
  type App,
  type AppDefinition,
  type Context,
  type ContextDefinition,
} from './app/definition.ts'
export type {
  Appended,
  AppendAllOptions,
  AppendOptions,
  AppendPart,
  EventsOptions,
  EventsPage,
  Headwater,
  HistoryPage,
  LoggedCommand,
  PageOptions,
  StateOf,
  StreamEventsPage,
  StreamOptions,
  TypedEventsOptions,
  Trace,
} from './app/headwater.ts'
export { openStore, type OpenOptions } from './app/open.ts'
