import type { Observable } from 'rxjs'
import type { AggregateClass } from '../decide/aggregate-class.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { sqlOf } from '../handle/gathering.ts'
import { type CommandInFlight, compose } from '../handle/interceptor.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import { parse } from '../message/schema.ts'
import type { Subscription } from '../process/subscription.ts'
import type { QueryOptions } from '../query/context.ts'
import type { QueryMessage } from '../query/message.ts'
import { requireNoQuery } from '../query/reading.ts'
import type { ProcessorHandle } from '../process/processor.ts'
import type { Rebuild, RebuildOptions, ViewVersionsHandle } from '../view/rebuild.ts'
import type { SqlView, View } from '../view/view.ts'
import type { ReadOptions, ViewReader } from '../view/reader.ts'
import type { App } from './definition.ts'
import type {
  AppendAllOptions,
  AppendOptions,
  AppendPart,
  Appended,
  EventsOptions,
  EventsPage,
  Headwater,
  PastPageOptions,
  StreamOptions,
  TypedEventsOptions,
} from './headwater.ts'
import { aggregateOfClass } from './registry.ts'
import {
  transact,
  type Record,
  type Transacted,
  type TransactionOptions,
  type TransactionWork,
} from './transaction.ts'
import { ClassRepository, type Repository } from './repository.ts'
import type { Role } from './roles.ts'
import { ruleReads } from './rule-reads.ts'
import type { ExternalsHandle } from './externals.ts'
import type { RuntimeParts } from './runtime-parts.ts'
import { debugSessions } from './debug-sessions.ts'
import { forecasts } from './forecasts.ts'
import { predictor } from './predictor.ts'
import { stateReads } from './state-reads.ts'
import { segmentsOf, type SegmentsHandle } from '../segment/segments.ts'
import type { SnapshotsHandle } from './snapshots.ts'

/** A running app. */
export class Runtime implements Headwater {
  readonly app: App
  readonly catalog: Catalog
  readonly roles: ReadonlySet<Role>
  readonly store: Store
  readonly snapshots: SnapshotsHandle
  readonly segments: SegmentsHandle
  readonly externals: ExternalsHandle
  readonly branches: Headwater['branches']
  readonly branch: Headwater['branch']
  readonly image: Headwater['image']
  readonly images: Headwater['images']
  readonly state: Headwater['state']
  readonly debug: Headwater['debug']
  readonly forecast: Headwater['forecast']
  readonly predict: Headwater['predict']
  readonly rule: Headwater['rule']
  readonly rules: Headwater['rules']
  readonly publish: Headwater['publish']
  readonly listen: Headwater['listen']
  readonly amend: Headwater['amend']
  readonly amendRaw: Headwater['amendRaw']
  readonly ignore: Headwater['ignore']
  readonly correct: Headwater['correct']
  readonly restore: Headwater['restore']
  readonly planReversal: Headwater['planReversal']
  readonly revert: Headwater['revert']
  readonly #parts: RuntimeParts
  readonly #handle: (inFlight: CommandInFlight) => Promise<Outcome>
  /** Commands and queries under way: closing waits for them. */
  readonly #underway = new Set<Promise<unknown>>()
  #closed: Promise<void> | undefined

  constructor(parts: RuntimeParts) {
    this.app = parts.app
    this.catalog = parts.catalog
    this.roles = parts.roles
    this.store = parts.store
    this.snapshots = parts.snapshots
    this.segments = segmentsOf(parts.store)
    this.externals = parts.externals
    this.branches = parts.branches
    this.branch = (name, options) => parts.branches.branch(name, options)
    this.image = (image, { tenant } = {}) => parts.images.reader(image, tenant)
    this.images = () => parts.images.summaries()
    this.state = stateReads(parts.registry, parts.states, parts.past)
    this.debug = debugSessions(parts)
    this.forecast = forecasts(parts)
    this.predict = predictor(parts)
    ;({ rule: this.rule, rules: this.rules } = ruleReads(parts.registry, parts.now))
    this.#parts = parts
    this.publish = parts.publisher.publish
    this.listen = parts.publisher.listen
    const { amender, reverter } = parts
    this.planReversal = reverter.plan
    this.revert = (plan, options) => this.#amended(() => reverter.revert(plan, options))
    this.amend = (edits, options) => this.#amended(() => amender.amend(edits, options))
    this.amendRaw = (edits, options) => this.#amended(() => amender.amendRaw(edits, options))
    this.ignore = (omit, options) => this.amend([{ omit }], options)
    this.correct = (replace, by, options) => this.amend([{ replace, by }], options)
    this.restore = (restore, options) => this.amend([{ restore }], options)
    this.#handle = compose(parts.app.interceptors, ({ command, options }) => this.#decide(command, options))
  }

  execute(command: CommandMessage, options: ExecuteOptions = {}): Promise<Outcome> {
    return this.#take(this.#handle, command, options)
  }

  repository<State, Events extends AnyEventType, Instance extends object>(
    of: AggregateClass<string, State, Events, Instance>,
  ): Repository<Instance, Events> {
    const { registry, app, executor, states, now, newId } = this.#parts
    return new ClassRepository(of, aggregateOfClass(registry, of.definition), {
      now,
      newId,
      rules: registry.ruleBook,
      load: (...parameters) => states.refresh(...parameters),
      record: (handler, message, options) =>
        this.#take(
          compose(app.interceptors, ({ command, options }) =>
            executor.execute(handler, command, options.id, options),
          ),
          message,
          options,
        ),
    })
  }

  #take(
    handle: (inFlight: CommandInFlight) => Promise<Outcome>,
    command: CommandMessage,
    options: ExecuteOptions,
  ): Promise<Outcome> {
    if (this.#closed !== undefined)
      return Promise.reject(new HeadwaterError('log.closed', 'Headwater is closing'))
    try {
      requireNoQuery(`sent ${command.type}`)
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#finished(handle({ command, options: { ...options, id: options.id ?? this.#parts.newId() } }))
  }

  /** Work that closing waits for. */
  #finished<Result>(work: Promise<Result>): Promise<Result> {
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
    const id = options.id ?? this.#parts.newId()
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

  async appendAll(parts: readonly AppendPart[], options: AppendAllOptions = {}): Promise<Appended> {
    requireNoQuery(`appended to ${parts.map(({ stream }) => stream).join(', ')}`)
    return this.#parts.appender.append(parts, options)
  }

  async #amended<Result>(amend: () => Promise<Result>): Promise<Result> {
    requireNoQuery('amended or reverted events')
    return this.#asked(amend)
  }

  query<Result>(message: QueryMessage<string, unknown, Result>, options: QueryOptions = {}): Promise<Result> {
    return this.#asked(() => this.#parts.queries.ask(message, options)) as Promise<Result>
  }

  queryRaw(type: string, input: unknown, options: QueryOptions = {}): Promise<unknown> {
    return this.#asked(() => this.#parts.queries.askRaw(type, input, options))
  }

  async #asked<Result>(ask: () => Promise<Result>): Promise<Result> {
    if (this.#closed !== undefined) throw new HeadwaterError('log.closed', 'Headwater is closing')
    return this.#finished(ask())
  }

  sql<Reader>(tables: Tables<string, TableTools, Reader>): Promise<Reader>
  sql<Reader>(view: SqlView<string, Reader>, options?: ReadOptions): Promise<Reader>
  async sql<Reader>(
    tables: Tables<string, TableTools, Reader> | SqlView<string, Reader>,
    options: ReadOptions = {},
  ): Promise<Reader> {
    if (tables.kind === 'view') return this.#parts.views.tables(tables.name, tables.sql, options)
    return tables.reader(tables.name, sqlOf(this.store.sql, tables.name))
  }

  async transaction<Tools extends TableTools, Value>(
    tables: Tables<string, Tools>,
    work: TransactionWork<Tools, Value>,
    options: TransactionOptions = {},
  ): Promise<Transacted<Value>> {
    if (this.#closed !== undefined) throw new HeadwaterError('log.closed', 'Headwater is closing')
    requireNoQuery(`changed the tables ${tables.name}`)
    const { appender, backOff } = this.#parts
    const record: Record = (streams, statements) => appender.append(streams, options, statements)
    return this.#finished(transact(record, this.store.sql, tables, work, backOff))
  }

  history(stream: string, options?: PastPageOptions) {
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

  readStream(stream: string, options?: PastPageOptions) {
    return this.#parts.reader.readStream(stream, options)
  }

  streams(options?: Parameters<Headwater['streams']>[0]) {
    return this.#parts.reader.streams(options)
  }

  event(id: string, options?: { readonly tenant?: string }) {
    return this.#parts.reader.event(id, options)
  }

  trace(id: string, options?: { readonly tenant?: string }) {
    return this.#parts.reader.trace(id, options)
  }

  results(id: string, options?: { readonly tenant?: string }) {
    return this.#parts.reader.results(id, options)
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

  get processors(): readonly ProcessorHandle[] {
    return [...this.#parts.views.processors, ...this.#parts.subscribers]
  }

  versions(view: View | string): ViewVersionsHandle {
    return this.#parts.views.versions(typeof view === 'string' ? view : view.name)
  }

  rebuild(view: View | string, options?: RebuildOptions): Promise<Rebuild> {
    return this.versions(view).rebuild(options)
  }

  processor(part: View | Subscription | string): ProcessorHandle {
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
    await this.stop()
    await this.store.close()
  }

  /** All of closing but the store. */
  async stop(): Promise<void> {
    const { closing, commits, feed, subscribers, views } = this.#parts
    // What was begun is finished: answers that are on their way stay true.
    await Promise.allSettled(this.#underway)
    await this.#parts.branches.close()
    closing.abort()
    await Promise.all([views.close(), ...subscribers.map((subscriber) => subscriber.stop())])
    await this.#parts.images.stop()
    await this.#parts.snapshots.stop()
    await Promise.allSettled(this.#underway)
    await commits.close()
    await feed.close()
  }

  #decide(message: CommandMessage, options: ExecuteOptions & { readonly id: string }): Promise<Outcome> {
    return this.#parts.executor.execute(this.#route(message.type), message, options.id, options)
  }

  /** @throws HeadwaterError `command.unknown` */
  #route(type: string) {
    const route = this.#parts.routes.get(type)
    if (route === undefined)
      throw new HeadwaterError('command.unknown', `There is no command named ${type}`, { details: { type } })
    return route
  }
}
