import type {
  BranchDifference,
  ExternalCall,
  ExternalList,
  Forecast,
  MergeChoices,
  MergeOutcome,
  MergePlan,
  Prediction,
  ProcessorSummary,
  ReplayReport,
} from '@headwater/client'
import type {
  Amendments,
  Change,
  EventEnvelope,
  ForecastOptions,
  Look,
  Moment,
  Outcome,
  RawEdit,
  RawHypotheticalCommand,
  ReplayOptions,
  ReversalPlan,
  ReversalScope,
  ReversedEvent,
} from '@headwater/core'
import type { DebugPart, DebugSource } from './debug.ts'
import type { ViewFilter } from './filters.ts'
import type { ProcessorSource } from './processors.ts'

/** An event as it is printed; where those of all tenants stand together, with its own. */
export type ListedEvent = EventEnvelope & { readonly tenant?: string }

export interface PageOfEvents {
  readonly events: readonly ListedEvent[]
  /** Everything up to here was looked at; a revision where it is a stream. */
  readonly scannedTo: number
  /** Nothing was recorded after it. */
  readonly head: number
}

export interface EventsQuery {
  readonly after: number
  readonly limit: number
  readonly types: readonly string[] | undefined
  /** `recorded`: with the data and the version that were recorded; default: those of the app's current schema. */
  readonly as?: 'current' | 'recorded' | undefined
}

export interface SendOptions {
  readonly id: string | undefined
  readonly actor: string | undefined
  readonly correlationId: string | undefined
  readonly expectedRevision: number | undefined
  readonly occurredAt: Date | undefined
}

export interface ViewLine {
  readonly name: string
  readonly lifecycle: string
  readonly events: readonly string[]
  readonly position: number
  readonly lag: { readonly events: number; readonly seconds: number }
  readonly version: number | null
  readonly code: 'same' | 'changed' | 'superseded' | null
  readonly rebuild: Pick<RebuildLine, 'state' | 'fraction' | 'version'> | null
}

/** How far a rebuild is; times as text from a server, as dates from a database. */
export interface RebuildLine {
  readonly view: string
  readonly version: number
  readonly state: 'building' | 'ready' | 'blocked' | 'switched' | 'failed'
  readonly position: number
  readonly head: number
  readonly fraction: number
  readonly parked: number
  readonly errors: readonly {
    readonly sequence: string
    readonly position: number
    readonly error: string | null
  }[]
  readonly reason: string | null
}

export interface VersionLine {
  readonly version: number
  readonly state: string
  readonly lifecycle: string
  readonly isOwnCode: boolean
  readonly position: number
  readonly madeBy: string
  readonly madeAt: Date | string
  readonly keptUntil: Date | string | null
  readonly reason: string | null
}

export interface RebuildOptionsLine {
  readonly allTenants: boolean
  readonly withParked: boolean
  readonly switch?: 'caught-up' | 'asked'
  /** Milliseconds. */
  readonly grace?: number
}

/** The versions of one view. */
export interface VersionsSource {
  list(): Promise<readonly VersionLine[]>
  rebuild(options: RebuildOptionsLine): Promise<RebuildLine>
  progress(): Promise<RebuildLine>
  cancel(): Promise<RebuildLine>
  switchTo(version: number, options: RebuildOptionsLine): Promise<RebuildLine>
  drop(version: number): Promise<void>
  accept(): Promise<void>
}

export interface DocumentLine {
  readonly key: string
  readonly doc: unknown
  readonly position: number
}

export interface ViewQuery {
  readonly filters: readonly ViewFilter[]
  readonly search: string | undefined
  readonly sort: string | undefined
  readonly limit: number
  readonly cursor: string | undefined
  readonly at: Moment | undefined
}

export interface DocumentLines {
  readonly items: readonly DocumentLine[]
  readonly cursor: string | null
}

/** A command as a trace shows it. */
export interface TracedCommand {
  readonly id: string
  readonly type: string
  readonly actor: string | null
  readonly status: 'accepted' | 'rejected'
  readonly reason?: unknown
  readonly stream: string | null
  readonly causationId: string | null
}

export interface TraceLines {
  readonly correlationId: string | null
  readonly events: readonly EventEnvelope[]
  readonly commands: readonly TracedCommand[]
}

export interface CallsQuery {
  readonly status: ExternalCall['status'] | undefined
  /** The id of a command or an event. */
  readonly caller: string | undefined
  readonly before: number | undefined
  readonly limit: number
}

export interface RuleEntryLine {
  readonly from: string | null
  readonly to: string | null
  readonly kind: 'data' | 'function'
  readonly value: unknown
  readonly fingerprint: string
}

export interface RuleLine {
  readonly name: string
  readonly description: string | null
  readonly timeZone: string
  readonly entries: readonly RuleEntryLine[]
  readonly inForce: RuleEntryLine | null
}

export interface QueryLine {
  readonly name: string
  readonly description?: string | null
  readonly context: string
  readonly input: Readonly<Record<string, unknown>> | null
  readonly output: Readonly<Record<string, unknown>> | null
}

/** An event on the way to a state. */
export interface HistoryLine {
  readonly event: EventEnvelope
  readonly changed: readonly Change[]
  readonly state: unknown
}

/** A branch; times as text from a server, as dates from a database. */
export interface BranchLine {
  readonly name: string
  /** Null, from a database, stands for main. */
  readonly from: string | null
  readonly base: number
  readonly head: number
  readonly now: Date | string
  readonly actor: string | null
  readonly createdAt: Date | string
}

/** The branches of the tenant. */
export interface BranchesSource {
  list(): Promise<readonly BranchLine[]>
  create(name: string, options: { readonly from?: string; readonly at?: Moment }): Promise<BranchLine>
  get(name: string): Promise<BranchLine>
  moveTo(name: string, time: Date): Promise<BranchLine>
  replay(name: string, options: ReplayOptions): Promise<ReplayReport>
  /** @throws `branch.unknown`, `branch.invalid`, `view.unknown` */
  diff(
    name: string,
    options: { readonly against: string | undefined; readonly views: readonly string[] | undefined },
  ): Promise<BranchDifference>
  /** @throws `branch.unknown`, `merge.too-large`, `merge.unknown-step` */
  plan(name: string, choices: MergeChoices): Promise<MergePlan>
  /** @throws `branch.unknown`, `merge.conflict`, `merge.refused`, `merge.moved`, `merge.too-large`, `merge.unknown-step` */
  merge(
    name: string,
    choices: MergeChoices,
    options: { readonly why: string; readonly actor: string | undefined },
  ): Promise<MergeOutcome>
  drop(name: string): Promise<void>
}

export type { RawEdit } from '@headwater/core'

/** Of which past something is asked. */
export interface Past {
  readonly at: Moment | undefined
  /** As it was believed when the log ended at this position. */
  readonly known: number | undefined
}

/** What is supposed, and what is looked at then. */
export interface SupposedLine {
  readonly from: string | undefined
  readonly at: Moment | undefined
  readonly commands: readonly RawHypotheticalCommand[]
  readonly until: Date | undefined
  readonly look: readonly Look[]
  readonly actor: string | undefined
}

/** What is taken back, and what was recorded for it. */
export interface ReversalLines extends Pick<ReversalPlan, 'head' | 'events' | 'lacking'> {
  readonly recorded: readonly ReversedEvent[]
}

export interface RevertingOptions {
  readonly why: string
  readonly dryRun: boolean
  readonly actor: string | undefined
}

export interface AmendingOptions {
  readonly why: string
  readonly id: string | undefined
  readonly actor: string | undefined
}

/** What commands that look and send need: a database, opened here, or a server that has it open. */
export interface Source {
  /** For messages. */
  readonly name: string
  /** A page of the log, after a position. */
  log(query: EventsQuery): Promise<PageOfEvents>
  /** A page of a stream, after a revision. @throws `stream.not-found` */
  stream(stream: string, query: Omit<EventsQuery, 'types'>): Promise<PageOfEvents>
  /** The log as it goes on. */
  follow(query: Omit<EventsQuery, 'limit'>, signal: AbortSignal): AsyncIterable<ListedEvent>
  /** The state of an aggregate, now or as of a moment. @throws `stream.not-found`, `time.not-yet` */
  state(stream: string, past: Past): Promise<{ readonly revision: number; readonly state: unknown }>
  /** How it got there. @throws `stream.not-found`, `time.not-yet` */
  history(stream: string, past: Past): AsyncIterable<HistoryLine>
  /** Begins to go through the past. @throws `debug.invalid`, `event.not-found`, `time.not-yet` */
  debug(part: DebugPart): Promise<DebugSource>
  /** What belongs to an event, a command or a correlation. @throws `event.not-found` */
  trace(id: string): Promise<TraceLines>
  processors(): Promise<readonly ProcessorSummary[]>
  /** @throws `processor.unknown`, by the first call */
  processor(name: string): ProcessorSource
  views(): Promise<readonly ViewLine[]>
  /** @throws `view.unknown`, `view.not-stored` */
  versions(view: string): VersionsSource
  readonly branches: BranchesSource
  /** The dated rules, and what is in force at a time; default: now. */
  rules(at: Date | undefined): Promise<readonly RuleLine[]>
  /** What is called in the world outside, and what was blocked. */
  externals(): Promise<ExternalList>
  /** Calls to the outside, the last first. @throws `external.unknown` */
  calls(external: string, query: CallsQuery): Promise<readonly ExternalCall[]>
  /** @throws `external.unknown`, `external.call-unknown` */
  call(external: string, sequence: number): Promise<ExternalCall>
  /** @throws `view.unknown`, `view.not-found` */
  document(view: string, key: string, at: Moment | undefined): Promise<DocumentLine>
  /** @throws `view.unknown`, `view.invalid-query` */
  documents(view: string, query: ViewQuery): Promise<DocumentLines>
  /** @throws `view.unknown`, `forecast.invalid`, `forecast.too-short`, `forecast.not-numeric` */
  forecast(view: string, options: Omit<ForecastOptions, 'tenant'>): Promise<Forecast>
  /** What would happen. @throws what `headwater.predict` and `lookOn` throw */
  predict(hypothesis: SupposedLine): Promise<Prediction>
  /** The app's queries, with the JSON Schemas of what they take and give. */
  queries(): Promise<readonly QueryLine[]>
  /** @throws `query.unknown`, `query.invalid`, `query.not-found` */
  query(
    name: string,
    input: unknown,
    options: { readonly actor: string | undefined; readonly at: Moment | undefined },
  ): Promise<unknown>
  send(type: string, data: unknown, options: SendOptions): Promise<Outcome>
  /** @throws `event.not-found`, `amendment.invalid`, `amendment.unfoldable` */
  amend(edits: readonly RawEdit[], options: AmendingOptions): Promise<Amendments>
  /** @throws `revert.lacking`, `revert.moved`, `revert.too-many`, `event.not-found` */
  revert(scope: ReversalScope, options: RevertingOptions): Promise<ReversalLines>
  close(): Promise<void>
}
