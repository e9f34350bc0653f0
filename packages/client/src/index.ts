export type { Backoff } from './backoff.ts'
export type {
  Catalog,
  CatalogAggregate,
  CatalogCommand,
  CatalogContext,
  CatalogEvent,
  CatalogSubscription,
  CatalogView,
  JsonSchema,
} from './catalog.ts'
export { type Client, createClient, type ExecuteOptions } from './client.ts'
export { newCommandId } from './command-id.ts'
export type { EventFeed, EventObservable } from './feed.ts'
export type { ConnectionState, FollowOptions } from './follow.ts'
export type { Comparison, ListOptions, Scalar } from './list-options.ts'
export { type Fault, HeadwaterProblem, type ProblemDocument } from './problem.ts'
export { createSseParser, type ServerSentMessage, type SseParser } from './sse.ts'
export type { TransportOptions } from './transport.ts'
export type { ViewClient } from './view-client.ts'
export type {
  Accepted,
  CommandLogPage,
  Document,
  Envelope,
  Lag,
  LoggedCommand,
  LogPage,
  Page,
  ProcessorSummary,
  RejectionReason,
  StreamHistory,
  StreamPage,
  StreamSummary,
  Trace,
  TracedCommand,
  ViewSummary,
} from './wire.ts'
