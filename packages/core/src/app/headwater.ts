import type { Observable } from 'rxjs'
import type { Aggregate } from '../decide/aggregate.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { AppendResult, EventQuery, ExpectedRevision, LogHead, StreamSummary } from '../log/port.ts'
import type { CommandMessage } from '../message/command.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { ProcessorHandle } from '../process/processor.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { ViewReader, ViewSummary } from '../view/reader.ts'
import type { App } from './definition.ts'

/** A running app: what `open` gives. */
export interface Headwater {
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
   * @throws HeadwaterError `log.conflict`, `log.condition-failed`, `event.unknown`, `stream.invalid-name`, `log.overloaded`
   */
  append(stream: string, events: readonly NewEvent[], options?: AppendOptions): Promise<Appended>
  /** Records events in several streams, all or none. */
  appendAll(parts: readonly AppendPart[], options?: AppendAllOptions): Promise<Appended>

  /** The current state of an aggregate. */
  state<State>(
    aggregate: Aggregate<string, State>,
    id: string,
    options?: { readonly tenant?: string },
  ): Promise<StateOf<State>>
  /** A stream with the state after each event; for streams of this app's aggregates. */
  history(stream: string, options?: PageOptions): Promise<HistoryPage>

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
  readStream(stream: string, options?: PageOptions): Promise<StreamEventsPage>
  streams(options?: {
    readonly prefix?: string
    readonly after?: string
    readonly limit?: number
    readonly tenant?: string
  }): Promise<readonly StreamSummary[]>
  event(id: string, options?: { readonly tenant?: string }): Promise<RecordedEvent | undefined>
  /** What belongs together: all events and commands of the correlation of an event, a command or a correlation id. */
  trace(id: string, options?: { readonly tenant?: string }): Promise<Trace | undefined>
  /** The intent trail. */
  commands(options?: {
    readonly after?: number
    readonly limit?: number
    readonly tenant?: string
  }): Promise<readonly LoggedCommand[]>
  head(): Promise<LogHead>
  /** The position of the last event; undefined where there is none. */
  lastPosition(): Promise<number | undefined>

  view<Document>(view: View<string, Document>): ViewReader<Document>
  /** @throws HeadwaterError `view.unknown` */
  view(name: string): ViewReader<unknown>
  views(): Promise<readonly ViewSummary[]>
  readonly processors: readonly ProcessorHandle[]
  /**
   * The processor of an asynchronous view or subscription.
   *
   * @throws HeadwaterError `processor.unknown`
   */
  processor(part: View | Subscription | string): ProcessorHandle

  /** Stops taking commands, finishes what was begun, lets go of its leases and closes the store. */
  close(): Promise<void>
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface AppendOptions {
  /** Default: `any`. */
  readonly expected?: ExpectedRevision
  readonly condition?: { readonly query: EventQuery; readonly after: number }
  /** Makes the append idempotent: a second one with this id has no effect and gets the first one's answer. */
  readonly id?: string
  readonly actor?: string | null
  readonly correlationId?: string
  readonly causationId?: string
  readonly tenant?: string
}

export type AppendAllOptions = Omit<AppendOptions, 'expected'>

export interface AppendPart {
  readonly stream: string
  readonly events: readonly NewEvent[]
  readonly expected?: ExpectedRevision
}

export interface Appended {
  readonly id: string
  /** Of the last event. */
  readonly position: number
  readonly events: readonly {
    readonly id: string
    readonly type: string
    readonly stream: string
    readonly revision: number
    readonly position: number
  }[]
}

export interface StateOf<State> {
  readonly state: State
  /** 0: the stream has no events. */
  readonly revision: number
}

export interface PageOptions {
  /** Revisions above this one; default 0. */
  readonly after?: number
  readonly limit?: number
  readonly tenant?: string
}

export interface StreamOptions extends PageOptions {
  /** Go on with what is recorded from now on; default false for iterables, true for observables. */
  readonly live?: boolean
  readonly signal?: AbortSignal
}

export interface EventsOptions {
  /** Positions above this one; default 0. */
  readonly after?: number
  readonly types?: readonly (string | AnyEventType)[]
  readonly query?: EventQuery
  /** Go on with what is recorded from now on; default false for iterables, true for observables. */
  readonly live?: boolean
  readonly tenant?: string
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
  readonly revision: number
  /** The state before the first event of this page. */
  readonly initial: unknown
  readonly items: readonly { readonly event: RecordedEvent; readonly state: unknown }[]
}

export interface LoggedCommand {
  readonly sequence: number
  readonly id: string
  readonly type: string
  readonly payload: unknown
  readonly actor: string | null
  readonly decidedAt: Date
  readonly status: 'accepted' | 'rejected'
  readonly reason: unknown
  readonly reads: { readonly streams?: readonly (readonly [string, number])[] }
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
