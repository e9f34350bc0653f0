import type { Observable } from 'rxjs'
import type { Aggregate } from '../decide/aggregate.ts'
import type { AggregateClass } from '../decide/aggregate-class.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { MemoryImage } from '../image/image.ts'
import type { ImageReader, ImageSummary } from '../image/runner.ts'
import type { Rule } from '../decide/rule.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { StateOf } from '../handle/states.ts'
import type { AppendResult, EventQuery, LogHead, StreamSummary } from '../log/port.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import type { CommandMessage } from '../message/command.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { Moment } from '../message/moment.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { TenantScope } from '../message/tenant.ts'
import type { ResultSummary } from '../process/desk.ts'
import type { Listen, ListenOptions, PublishOptions } from '../process/publisher.ts'
import type { Topic, TopicMessage } from '../process/topic.ts'
import type { ProcessorHandle } from '../process/processor.ts'
import type { Subscription } from '../process/subscription.ts'
import type { QueryOptions } from '../query/context.ts'
import type { QueryMessage } from '../query/message.ts'
import type { Rebuild, RebuildOptions, ViewVersionsHandle } from '../view/rebuild.ts'
import type { SqlView, View } from '../view/view.ts'
import type { ReadOptions, ViewReader, ViewSummary } from '../view/reader.ts'
import type { Reads } from '../handle/answers.ts'
import type { BranchesHandle, BranchMethods, BranchOwn } from './branch.ts'
import type { Amending } from './amending.ts'
import type { Predicting, Trying } from './predicting.ts'
import type { AppendAllOptions, Appended, AppendOptions, AppendPart } from './append-options.ts'
import type { App } from './definition.ts'
import type { Repository } from './repository.ts'
import type { DebugOptions } from '../time/debug/begin-session.ts'
import type { DebugSession } from '../time/debug/debug-session.ts'
import type { HistoryStep } from '../time/stream-past.ts'
import type { Role } from './roles.ts'
import type { RuleSummary } from './rules.ts'
import type { Transacted, TransactionOptions, TransactionWork } from './transaction.ts'
import type { ExternalsHandle } from './externals.ts'
import type { SegmentsHandle } from '../segment/segments.ts'
import type { SnapshotsHandle } from './snapshots.ts'

export type { AppendAllOptions, Appended, AppendOptions, AppendPart } from './append-options.ts'

/** A running app: what `open` gives. */
export interface Headwater extends Amending, Predicting, Trying<Branch> {
  readonly app: App
  readonly catalog: Catalog
  readonly store: { readonly name: string }

  /**
   * Decides a command and records what follows.
   *
   * @throws HeadwaterError `command.unknown`, `command.invalid`, `command.forbidden`, `command.conflict`,
   *   `command.revision-mismatch`, `command.id-reused`, `command.failed`, `lock.timeout`, `log.overloaded`, `log.busy`
   */
  execute(command: CommandMessage, options?: ExecuteOptions): Promise<Outcome>
  /** The same for a command that comes from outside: data is validated against the type's schema. */
  executeRaw(type: string, data: unknown, options?: ExecuteOptions): Promise<Outcome>
  /** Hands a command over without waiting for its outcome; failures go to the error hook. Gives the command's id. */
  dispatch(command: CommandMessage, options?: ExecuteOptions): string

  /**
   * Records events directly, without a command.
   *
   * @throws HeadwaterError `log.conflict`, `log.condition-failed`, `event.unknown`, `event.newer-version`, `stream.invalid-name`, `log.overloaded`
   */
  append(stream: string, events: readonly NewEvent[], options?: AppendOptions): Promise<Appended>
  /** Records events in several streams, all or none. */
  appendAll(parts: readonly AppendPart[], options?: AppendAllOptions): Promise<Appended>

  /**
   * Makes, loads and saves aggregates of a class.
   *
   * @throws HeadwaterError `aggregate.unknown` where the app has no aggregate of this class
   */
  repository<State, Events extends AnyEventType, Instance extends object>(
    of: AggregateClass<string, State, Events, Instance>,
  ): Repository<Instance, Events>

  /**
   * Asks a query.
   *
   * @throws HeadwaterError `query.unknown`, `query.forbidden`, `query.failed`, `query.timeout`, `query.side-effect`,
   *   `query.invalid-answer`, and what its handler's reads throw, such as `view.wait-timeout`
   */
  query<Result>(query: QueryMessage<string, unknown, Result>, options?: QueryOptions): Promise<Result>
  /** The same for a query that comes from outside: its input is validated. @throws HeadwaterError also `query.invalid` */
  queryRaw(type: string, input: unknown, options?: QueryOptions): Promise<unknown>

  /**
   * Tables of a context or of a SQL view, to be read: with `headwater/sql` a Kysely that knows their types and changes
   * nothing. Of a view they are those of the version that is read now: ask again for each use.
   *
   * @throws HeadwaterError `store.no-sql`, `view.unknown`, `view.wait-timeout`
   */
  sql<Reader>(tables: Tables<string, TableTools, Reader>): Promise<Reader>
  sql<Reader>(view: SqlView<string, Reader>, options?: ReadOptions): Promise<Reader>
  /**
   * Saves rows of a context's tables and records events together, without a command: all of it or nothing. If rows were not
   * as `work` expected, because somebody was faster, it is called again.
   *
   * @throws HeadwaterError `log.statement-conflict` where that goes on, `sql.failed`, `sql.refused`, `store.no-sql`,
   *   `event.unknown`, `stream.invalid-name`, `query.side-effect`, and whatever `work` throws
   */
  transaction<Tools extends TableTools, Value>(
    tables: Tables<string, Tools>,
    work: TransactionWork<Tools, Value>,
    options?: TransactionOptions,
  ): Promise<Transacted<Value>>

  /**
   * Tells those who listen to the topic in this process, and waits until they have heard. Nothing is recorded; what must
   * not get lost is an event. Gives how many were told.
   *
   * @throws HeadwaterError `tenant.invalid-name`, `query.side-effect`
   */
  publish(message: TopicMessage, options?: PublishOptions): Promise<number>
  /** Calls back for every message of a topic that is published in this process from now on. Gives what ends it. */
  listen<Data>(topic: Topic<string, Data>, listen: Listen<Data>, options?: ListenOptions): () => void

  /**
   * The state of an aggregate: the current one, or as of a moment.
   *
   * @throws HeadwaterError `time.not-yet`
   */
  state<State>(
    aggregate: Aggregate<string, State>,
    id: string,
    options?: PastOptions,
  ): Promise<StateOf<State>>
  /** The same of a stream by its name. @throws HeadwaterError also `stream.not-found` where no aggregate has such streams */
  state(stream: string, options?: PastOptions): Promise<StateOf<unknown>>
  /**
   * How a stream came to its state, or to that as of a moment: each event with the state after it, and what it changed. For
   * streams of this app's aggregates.
   *
   * @throws HeadwaterError `stream.not-found` where no aggregate has such streams, `time.not-yet`, `event.newer-version`
   */
  history(stream: string, options?: PastPageOptions): Promise<HistoryPage>

  /** Events of the log after a position, in order; with `live`, those to come as well. */
  events<Event extends AnyEventType>(
    options: TypedEventsOptions<Event>,
  ): AsyncIterable<RecordedEventOf<Event>>
  events(options?: EventsOptions): AsyncIterable<RecordedEvent>
  /** The same as an RxJS observable; live unless told otherwise. */
  events$<Event extends AnyEventType>(options: TypedEventsOptions<Event>): Observable<RecordedEventOf<Event>>
  events$(options?: EventsOptions): Observable<RecordedEvent>
  /** One page of the log. */
  readEvents<Event extends AnyEventType>(
    options: TypedEventsOptions<Event> & { readonly limit?: number },
  ): Promise<EventsPage<RecordedEventOf<Event>>>
  readEvents(options?: EventsOptions & { readonly limit?: number }): Promise<EventsPage>
  /**
   * Calls back for every event after a position, in order, the next one when the callback's promise is kept; live unless
   * told otherwise. A callback that fails is not called again: the failure goes to the error hook. Gives what ends it.
   */
  subscribe<Event extends AnyEventType>(
    callback: (event: RecordedEventOf<Event>) => void | Promise<void>,
    options: TypedEventsOptions<Event>,
  ): () => void
  subscribe(callback: (event: RecordedEvent) => void | Promise<void>, options?: EventsOptions): () => void
  /** Events of a stream after a revision, in order; with `live`, those to come as well. */
  stream(stream: string, options?: StreamOptions): AsyncIterable<RecordedEvent>
  /** The same as an RxJS observable; live unless told otherwise. */
  stream$(stream: string, options?: StreamOptions): Observable<RecordedEvent>
  /** A page of a stream, of all that is recorded or as of a moment. @throws HeadwaterError `time.not-yet` */
  readStream(stream: string, options?: PastPageOptions): Promise<StreamEventsPage>
  streams(options?: {
    readonly prefix?: string
    readonly after?: string
    readonly limit?: number
    readonly tenant?: string
  }): Promise<readonly StreamSummary[]>
  event(id: string, options?: { readonly tenant?: string }): Promise<RecordedEvent | undefined>
  /** What belongs together: all events and commands of the correlation of an event, a command or a correlation id. */
  trace(id: string, options?: { readonly tenant?: string }): Promise<Trace | undefined>
  /**
   * What processing made of an event: by which processor and process, when, with which result, how often tried. Nothing is
   * kept of what went right at once and had no result.
   *
   * @throws HeadwaterError `event.not-found`
   */
  results(id: string, options?: { readonly tenant?: string }): Promise<readonly ResultSummary[]>
  /** The intent trail. */
  commands(
    options?: TenantScope & { readonly after?: number; readonly limit?: number },
  ): Promise<readonly LoggedCommand[]>
  head(): Promise<LogHead>
  /**
   * Begins to go through the log, or a part of it, event by event and in both directions, with all that each event changed. It
   * only reads: nothing reacts to what is gone through.
   *
   * On a branch it goes through what the branch has of its parents, and what it recorded itself; it ends with the branch.
   *
   * @throws HeadwaterError `debug.invalid`, `event.not-found`, `stream.invalid-name`, `time.not-yet`; of a branch, each of
   *   its steps as well, `branch.unknown`
   */
  debug(options?: DebugOptions): Promise<DebugSession>
  /** The position of the last event; undefined where there is none. */
  lastPosition(): Promise<number | undefined>

  /**
   * The value of a dated rule that is in force at a time, as this app has the rule.
   *
   * @throws HeadwaterError `rule.not-in-force`, `rule.unknown`
   */
  rule<Value>(rule: Rule<Value>, options?: RuleQuery): Value
  /** All dated rules of the app, and what is in force. */
  rules(options?: RuleQuery): readonly RuleSummary[]

  view<Document>(view: View<string, Document>): ViewReader<Document>
  /** @throws HeadwaterError `view.unknown` */
  view(name: string): ViewReader<unknown>
  views(): Promise<readonly ViewSummary[]>
  /**
   * A memory image, of one tenant: read without waiting.
   *
   * @throws HeadwaterError `image.unknown`
   */
  image<Types>(image: MemoryImage<string, Types>, options?: { readonly tenant?: string }): ImageReader<Types>
  /** What this process does for the app beside answering calls. */
  readonly roles: ReadonlySet<Role>
  /** How the memory images are doing in this process. */
  images(): readonly ImageSummary[]
  /** The states of streams that are kept beside the log. */
  readonly snapshots: SnapshotsHandle
  /** Old parts of the log: sealed, verified. */
  readonly segments: SegmentsHandle
  /** What the app called in the world outside, and what it was answered. */
  readonly externals: ExternalsHandle
  /**
   * Folds the whole log into a new version of a view, beside the one that is read, and switches to it when it has caught
   * up. No side effect is repeated: a view has none.
   *
   * @throws HeadwaterError `view.unknown`, `view.not-stored`, `view.other-tenants`, `view.rebuild-running`
   */
  rebuild(view: View | string, options?: RebuildOptions): Promise<Rebuild>
  /**
   * The versions of a stored view: which there are, switching between them, dropping them.
   *
   * @throws HeadwaterError `view.unknown`, `view.not-stored`
   */
  versions(view: View | string): ViewVersionsHandle
  readonly processors: readonly ProcessorHandle[]
  /**
   * The processor of an asynchronous view or subscription.
   *
   * @throws HeadwaterError `processor.unknown`
   */
  processor(part: View | Subscription | string): ProcessorHandle

  /** The branches of the log: what it would be like. */
  readonly branches: BranchesHandle
  /**
   * A branch, to decide, record and read on it as on main. Nothing on main changes by it, and nothing on it has an effect.
   *
   * @throws HeadwaterError `branch.invalid`, `tenant.invalid-name`; and its calls `branch.unknown`, `branch.main-only`
   */
  branch(name: string, options?: { readonly tenant?: string }): Branch

  /** Stops taking commands, finishes what was begun, lets go of its leases and closes the store. */
  close(): Promise<void>
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** A branch, as this process works on it. */
export interface Branch extends Pick<Headwater, BranchMethods>, BranchOwn {}

export interface PageOptions {
  /** Revisions above this one; default 0. */
  readonly after?: number
  readonly limit?: number
  readonly tenant?: string
}

export interface PastOptions {
  /** As of when; default: all that is recorded. */
  readonly at?: Moment | undefined
  /**
   * As it was believed when the log ended at this position: with the amendments up to it, and none of later ones. With a time
   * in `at`: what had occurred by then, as far as it was known then. Default: as it is known today.
   */
  readonly known?: number | undefined
  readonly tenant?: string
}

export interface PastPageOptions extends PageOptions, PastOptions {}

export interface RuleQuery {
  /** Default: now. */
  readonly at?: Date
  readonly tenant?: string
}

export interface StreamOptions extends PageOptions {
  /** Go on with what is recorded from now on; default false for iterables, true for observables. */
  readonly live?: boolean
  readonly signal?: AbortSignal
}

export interface EventsOptions extends TenantScope {
  /** Positions above this one; default 0. */
  readonly after?: number
  readonly types?: readonly (string | AnyEventType)[]
  readonly query?: EventQuery
  /** Go on with what is recorded from now on; default false for iterables, true for observables. */
  readonly live?: boolean
  readonly signal?: AbortSignal
}

/** Options that name the event types, so that the events' data is known. */
export type TypedEventsOptions<Event extends AnyEventType> = Omit<EventsOptions, 'types'> & {
  readonly types: readonly Event[]
}

export interface EventsPage<Event extends RecordedEvent = RecordedEvent> {
  readonly events: readonly Event[]
  readonly scannedTo: number
  readonly head: number
}

export interface StreamEventsPage {
  readonly events: readonly RecordedEvent[]
  readonly revision: number
}

export interface HistoryPage {
  readonly stream: string
  /** Of its last event, as of the moment that was asked for. */
  readonly revision: number
  /** The state before the first event of this page. */
  readonly initial: unknown
  readonly items: readonly HistoryStep[]
}

export interface LoggedCommand {
  readonly sequence: number
  readonly tenant: string
  readonly id: string
  readonly type: string
  readonly payload: unknown
  readonly actor: string | null
  readonly decidedAt: Date
  readonly status: 'accepted' | 'rejected'
  readonly reason: unknown
  /** What its decision read: streams at a revision, and dated rules by the entry that was in force, answers from the outside. */
  readonly reads: Reads
  readonly correlationId: string
  readonly causationId: string | null
  readonly stream: string | null
  readonly position: number | null
  /** How many events it made. */
  readonly events: number
}

export interface Trace {
  readonly correlationId: string
  readonly events: readonly RecordedEvent[]
  readonly commands: readonly LoggedCommand[]
}

/** Names an append's result for messages. */
export type AppendFailure = Exclude<AppendResult, { readonly status: 'appended' }>
