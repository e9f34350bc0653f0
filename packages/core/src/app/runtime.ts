import type { Observable } from 'rxjs'
import type { Aggregate } from '../decide/aggregate.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { CommandExecutor } from '../handle/executor.ts'
import type { CommandInFlight, Interceptor } from '../handle/interceptor.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { StreamStates } from '../handle/states.ts'
import type { LogFeed } from '../log/feed.ts'
import type { GroupCommit } from '../log/group-commit.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import { newId } from '../message/identity.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import { parse } from '../message/schema.ts'
import { streamName } from '../message/stream.ts'
import type { ErrorHook } from '../process/mediator.ts'
import type { ProcessorRunner } from '../process/runner.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { ViewReader } from '../view/reader.ts'
import type { Appender } from './appender.ts'
import type { App } from './definition.ts'
import type {
  AppendAllOptions,
  AppendOptions,
  AppendPart,
  Appended,
  EventsOptions,
  EventsPage,
  Headwater,
  PageOptions,
  StateOf,
  StreamOptions,
  TypedEventsOptions,
} from './headwater.ts'
import type { LogReader } from './log-reader.ts'
import type { Registry } from './registry.ts'
import type { Views } from './views.ts'

export interface RuntimeParts {
  readonly app: App
  readonly catalog: Catalog
  readonly registry: Registry
  readonly store: Store
  readonly feed: LogFeed
  readonly commits: GroupCommit
  readonly executor: CommandExecutor
  readonly states: StreamStates
  readonly appender: Appender
  readonly reader: LogReader
  readonly views: Views
  readonly processors: readonly ProcessorRunner[]
  readonly closing: AbortController
  readonly onError: ErrorHook
}

/** A running app. */
export class Runtime implements Headwater {
  readonly app: App
  readonly catalog: Catalog
  readonly store: Store
  readonly processors: readonly ProcessorRunner[]
  readonly #parts: RuntimeParts
  readonly #handle: (inFlight: CommandInFlight) => Promise<Outcome>
  /** Commands under way: closing waits for them. */
  readonly #underway = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  constructor(parts: RuntimeParts) {
    this.app = parts.app
    this.catalog = parts.catalog
    this.store = parts.store
    this.processors = parts.processors
    this.#parts = parts
    this.#handle = compose(parts.app.interceptors, ({ command, options }) => this.#decide(command, options))
  }

  execute(command: CommandMessage, options: ExecuteOptions = {}): Promise<Outcome> {
    if (this.#closed !== undefined)
      return Promise.reject(new HeadwaterError('log.closed', 'Headwater is closing'))
    const work = this.#handle({ command, options: { ...options, id: options.id ?? newId() } })
    this.#underway.add(work)
    const done = (): void => {
      this.#underway.delete(work)
    }
    work.then(done, done)
    return work
  }

  async executeRaw(type: string, data: unknown, options: ExecuteOptions = {}): Promise<Outcome> {
    const { command } = this.#route(type)
    return this.execute(
      { kind: 'command', type, data: parse(command.schema, data, 'command.invalid', `Command ${type}`) },
      options,
    )
  }

  dispatch(command: CommandMessage, options: ExecuteOptions = {}): string {
    const id = options.id ?? newId()
    this.execute(command, { ...options, id }).catch((error: unknown) => this.#parts.onError(error, {}))
    return id
  }

  append(
    stream: string,
    events: readonly NewEvent[],
    { expected, ...options }: AppendOptions = {},
  ): Promise<Appended> {
    return this.appendAll([{ stream, events, ...(expected !== undefined && { expected }) }], options)
  }

  appendAll(parts: readonly AppendPart[], options: AppendAllOptions = {}): Promise<Appended> {
    return this.#parts.appender.append(parts, options)
  }

  async state<State>(
    aggregate: Aggregate<string, State>,
    id: string,
    options: { readonly tenant?: string } = {},
  ): Promise<StateOf<State>> {
    const { states } = this.#parts
    const { state, revision } = await states.refresh(
      aggregate,
      options.tenant ?? '',
      streamName(aggregate.name, id),
    )
    return { state: state as State, revision }
  }

  history(stream: string, options?: PageOptions) {
    return this.#parts.reader.history(stream, options)
  }

  events<Event extends AnyEventType>(
    options: TypedEventsOptions<Event>,
  ): AsyncIterable<RecordedEventOf<Event>>
  events(options?: EventsOptions): AsyncIterable<RecordedEvent>
  events(options?: EventsOptions): AsyncIterable<RecordedEvent> {
    return this.#parts.reader.events(options)
  }

  events$<Event extends AnyEventType>(options: TypedEventsOptions<Event>): Observable<RecordedEventOf<Event>>
  events$(options?: EventsOptions): Observable<RecordedEvent>
  events$(options?: EventsOptions): Observable<RecordedEvent> {
    return this.#parts.reader.events$(options)
  }

  readEvents<Event extends AnyEventType>(
    options: TypedEventsOptions<Event> & { readonly limit?: number },
  ): Promise<EventsPage<RecordedEventOf<Event>>>
  readEvents(options?: EventsOptions & { readonly limit?: number }): Promise<EventsPage>
  readEvents(options?: EventsOptions & { readonly limit?: number }): Promise<EventsPage> {
    return this.#parts.reader.readEvents(options)
  }

  subscribe<Event extends AnyEventType>(
    callback: (event: RecordedEventOf<Event>) => void | Promise<void>,
    options: TypedEventsOptions<Event>,
  ): () => void
  subscribe(callback: (event: RecordedEvent) => void | Promise<void>, options?: EventsOptions): () => void
  subscribe(
    callback: (event: RecordedEvent) => void | Promise<void>,
    options: EventsOptions = {},
  ): () => void {
    return this.#parts.reader.subscribe(callback, options, (error) => this.#parts.onError(error, {}))
  }

  stream(stream: string, options?: StreamOptions): AsyncIterable<RecordedEvent> {
    return this.#parts.reader.stream(stream, options)
  }

  stream$(stream: string, options?: StreamOptions): Observable<RecordedEvent> {
    return this.#parts.reader.stream$(stream, options)
  }

  readStream(stream: string, options?: PageOptions) {
    return this.#parts.reader.readStream(stream, options)
  }

  streams({ prefix = '', after = '', limit = 100, tenant = '' }: Parameters<Headwater['streams']>[0] = {}) {
    return this.store.log.listStreams({
      branch: mainBranch,
      tenant,
      prefix,
      after,
      limit: Math.min(limit, 1_000),
    })
  }

  event(id: string, options?: { readonly tenant?: string }) {
    return this.#parts.reader.event(id, options)
  }

  trace(id: string, options?: { readonly tenant?: string }) {
    return this.#parts.reader.trace(id, options)
  }

  commands(options?: Parameters<Headwater['commands']>[0]) {
    return this.#parts.reader.commands(options)
  }

  head() {
    return this.store.log.head(mainBranch)
  }

  async lastPosition(): Promise<number | undefined> {
    const { position } = await this.head()
    return position === 0 ? undefined : position
  }

  view<Document>(view: View<string, Document>): ViewReader<Document>
  view(name: string): ViewReader<unknown>
  view(view: View | string): ViewReader<unknown> {
    return this.#parts.views.reader(typeof view === 'string' ? view : view.name)
  }

  views() {
    return this.#parts.views.summaries()
  }

  processor(part: View | Subscription | string): ProcessorRunner {
    const name = typeof part === 'string' ? part : part.name
    const found = this.processors.find((processor) => processor.name === name)
    if (found !== undefined) return found
    throw new HeadwaterError('processor.unknown', `No asynchronous view or subscription is named ${name}`, {
      details: { name },
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const { closing, commits, feed } = this.#parts
    // What was begun is finished: answers that are on their way stay true.
    await Promise.allSettled(this.#underway)
    closing.abort()
    await Promise.all(this.processors.map((processor) => processor.stop()))
    await Promise.allSettled(this.#underway)
    await commits.close()
    await feed.close()
    await this.store.close()
  }

  #decide(message: CommandMessage, options: ExecuteOptions & { readonly id: string }): Promise<Outcome> {
    return this.#parts.executor.execute(this.#route(message.type), message, options.id, options)
  }

  /** @throws HeadwaterError `command.unknown` */
  #route(type: string) {
    const route = this.#parts.registry.commands.get(type)
    if (route === undefined)
      throw new HeadwaterError('command.unknown', `There is no command named ${type}`, { details: { type } })
    return route
  }
}

function compose(
  interceptors: readonly Interceptor[],
  last: (inFlight: CommandInFlight) => Promise<Outcome>,
) {
  return interceptors.reduceRight<(inFlight: CommandInFlight) => Promise<Outcome>>(
    (next, interceptor) => (inFlight) => interceptor(inFlight, next),
    last,
  )
}
