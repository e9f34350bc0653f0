import type { AmendOptions, Edit, RawEdit } from '../amend/edit.ts'
import type { ReversalOptions, ReversalPlan, ReversalScope, RevertOptions } from '../amend/reversal.ts'
import type { Aggregate } from '../decide/aggregate.ts'
import type { ExecuteOptions } from '../handle/outcome.ts'
import type { StateOf } from '../handle/states.ts'
import type { BranchRow } from '../log/branches.ts'
import type { CommandMessage } from '../message/command.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { QueryOptions } from '../query/context.ts'
import type { QueryMessage } from '../query/message.ts'
import type { BranchDifference, CompareOptions } from '../time/compare/difference.ts'
import type { DebugOptions } from '../time/debug/begin-session.ts'
import type { DebugSession } from '../time/debug/debug-session.ts'
import type { ForecastOptions } from '../time/forecast/forecast.ts'
import type { MergeChoices, MergeOutcome, MergeOptions, MergePlan } from '../time/merge/plan.ts'
import type { ReplayOptions, ReplayReport } from '../time/replay/report.ts'
import type { ViewReader } from '../view/reader.ts'
import type { View } from '../view/view.ts'
import { BranchDebug } from './branch-debug.ts'
import type { BranchDesk, OnBranch } from './branch-desk.ts'
import type {
  AppendAllOptions,
  AppendOptions,
  AppendPart,
  Branch,
  EventsOptions,
  EventsPage,
  Headwater,
  PastOptions,
  PastPageOptions,
  StreamOptions,
  TypedEventsOptions,
} from './headwater.ts'

type PageOfLog = EventsOptions & { readonly limit?: number }

/** A branch by its name: every call looks it up, and works on the one that has the name then. */
export class BranchHandle implements Branch {
  readonly name: string
  readonly tenant: string
  readonly #branches: BranchDesk

  constructor(branches: BranchDesk, name: string, tenant: string) {
    this.#branches = branches
    this.name = name
    this.tenant = tenant
  }

  async info() {
    return this.#branches.info(await this.#row())
  }

  async moveTo(time: Date) {
    return this.#branches.moveTo(await this.#row(), time)
  }

  async diff(options?: CompareOptions): Promise<BranchDifference> {
    return this.#branches.diff(await this.#row(), options)
  }

  async plan(choices?: MergeChoices): Promise<MergePlan> {
    return this.#branches.plan(await this.#row(), choices)
  }

  async merge(options: MergeOptions): Promise<MergeOutcome> {
    return this.#branches.merge(await this.#row(), options)
  }

  replay(options: ReplayOptions): Promise<ReplayReport> {
    return this.#on((on) => on.replay(options))
  }

  async drop(): Promise<void> {
    return this.#branches.drop(await this.#row())
  }

  blocked() {
    return this.#on(async (on) => on.externals.blocked())
  }

  execute(command: CommandMessage, options?: ExecuteOptions) {
    return this.#on((on) => on.execute(command, this.#own(options)))
  }

  executeRaw(type: string, data: unknown, options?: ExecuteOptions) {
    return this.#on((on) => on.executeRaw(type, data, this.#own(options)))
  }

  append(stream: string, events: readonly NewEvent[], options?: AppendOptions) {
    return this.#on((on) => on.append(stream, events, this.#own(options)))
  }

  appendAll(parts: readonly AppendPart[], options?: AppendAllOptions) {
    return this.#on((on) => on.appendAll(parts, this.#own(options)))
  }

  amend(edits: readonly Edit[], options: AmendOptions) {
    return this.#on((on) => on.amend(edits, this.#own(options)))
  }

  amendRaw(edits: readonly RawEdit[], options: AmendOptions) {
    return this.#on((on) => on.amendRaw(edits, this.#own(options)))
  }

  planReversal(scope: ReversalScope, options?: ReversalOptions) {
    return this.#on((on) => on.planReversal(scope, this.#own(options)))
  }

  revert(plan: ReversalPlan, options: RevertOptions) {
    return this.#on((on) => on.revert(plan, options))
  }

  ignore(eventId: string, options: AmendOptions) {
    return this.#on((on) => on.ignore(eventId, this.#own(options)))
  }

  correct(eventId: string, by: NewEvent, options: AmendOptions) {
    return this.#on((on) => on.correct(eventId, by, this.#own(options)))
  }

  restore(eventId: string, options: AmendOptions) {
    return this.#on((on) => on.restore(eventId, this.#own(options)))
  }

  query<Result>(query: QueryMessage<string, unknown, Result>, options?: QueryOptions): Promise<Result> {
    return this.#on((on) => on.query(query, this.#own(options)))
  }

  queryRaw(type: string, input: unknown, options?: QueryOptions) {
    return this.#on((on) => on.queryRaw(type, input, this.#own(options)))
  }

  state<State>(of: Aggregate<string, State>, id: string, options?: PastOptions): Promise<StateOf<State>>
  state(stream: string, options?: PastOptions): Promise<StateOf<unknown>>
  state(of: Aggregate | string, second?: string | PastOptions, third?: PastOptions) {
    return this.#on<StateOf<unknown>>((on) =>
      typeof of === 'string'
        ? on.state(of, this.#own(second as PastOptions | undefined))
        : on.state(of, second as string, this.#own(third)),
    )
  }

  history(stream: string, options?: PastPageOptions) {
    return this.#on((on) => on.history(stream, this.#own(options)))
  }

  events<Event extends AnyEventType>(
    options: TypedEventsOptions<Event>,
  ): AsyncIterable<RecordedEventOf<Event>>
  events(options?: EventsOptions): AsyncIterable<RecordedEvent>
  events(options?: EventsOptions): AsyncIterable<RecordedEvent> {
    return this.#each((on) => on.events(this.#own(options)))
  }

  readEvents<Event extends AnyEventType>(
    options: TypedEventsOptions<Event> & { readonly limit?: number },
  ): Promise<EventsPage<RecordedEventOf<Event>>>
  readEvents(options?: PageOfLog): Promise<EventsPage>
  readEvents(options?: PageOfLog): Promise<EventsPage> {
    return this.#on((on) => on.readEvents(this.#own(options)))
  }

  stream(stream: string, options?: StreamOptions): AsyncIterable<RecordedEvent> {
    return this.#each((on) => on.stream(stream, this.#own(options)))
  }

  readStream(stream: string, options?: PastPageOptions) {
    return this.#on((on) => on.readStream(stream, this.#own(options)))
  }

  streams(options?: Parameters<Headwater['streams']>[0]) {
    return this.#on((on) => on.streams(this.#own(options)))
  }

  event(id: string) {
    return this.#on((on) => on.event(id, this.#own({})))
  }

  trace(id: string) {
    return this.#on((on) => on.trace(id, this.#own({})))
  }

  commands(options?: Parameters<Headwater['commands']>[0]) {
    return this.#on((on) => on.commands(this.#own(options)))
  }

  head() {
    return this.#on((on) => on.head())
  }

  lastPosition() {
    return this.#on((on) => on.lastPosition())
  }

  forecast(view: View | string, options: ForecastOptions) {
    return this.#on((on) => on.forecast(view, this.#own(options)))
  }

  async debug(options?: DebugOptions): Promise<DebugSession> {
    return BranchDebug.begin(this.#branches, await this.#row(), this.#own(options))
  }

  view<Document>(view: View<string, Document>): ViewReader<Document>
  view(name: string): ViewReader<unknown>
  view(view: View | string): ViewReader<unknown> {
    const name = typeof view === 'string' ? view : view.name
    return {
      get: (key, options) => this.#on((on) => on.view(name).get(key, this.#own(options))),
      list: (query) => this.#on((on) => on.view(name).list(this.#own(query))),
      all: (query) => this.#each((on) => on.view(name).all(this.#own(query))),
    }
  }

  /** What is asked of a branch is asked of its tenant's data, whoever is named. */
  #own<Options extends object>(options: Options | undefined): Options & { readonly tenant: string } {
    const { allTenants: _, ...own } = (options ?? {}) as Options & { readonly allTenants?: boolean }
    return { ...own, tenant: this.tenant } as Options & { readonly tenant: string }
  }

  #row(): Promise<BranchRow> {
    return this.#branches.find(this.name, this.tenant)
  }

  async #on<Result>(work: (on: OnBranch) => Promise<Result>): Promise<Result> {
    return this.#branches.use(await this.#row(), work)
  }

  async *#each<Item>(items: (on: OnBranch) => AsyncIterable<Item>): AsyncGenerator<Item> {
    yield* this.#branches.each(await this.#row(), items)
  }
}
