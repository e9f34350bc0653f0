import { type AmendingClient, createAmendingClient } from './amending-client.ts'
import { createPredictingClient, type PredictingClient } from './predict-client.ts'
import { type BranchesClient, createBranchesClient } from './branches-client.ts'
import type { Catalog, CatalogQuery } from './catalog.ts'
import { newCommandId } from './command-id.ts'
import { beginDebugging, type DebugClient, type DebugOptions } from './debug-client.ts'
import { type EventFeed, type EventObservable, eventFeed, eventObservable } from './feed.ts'
import type { ExternalCall, ExternalList } from './external-wire.ts'
import type { FollowOptions } from './follow.ts'
import { type Moment, writtenMoment } from './moment.ts'
import { createProcessorClient, type ProcessorClient } from './processor-client.ts'
import { createTransport, type TransportOptions } from './transport.ts'
import { createVersionsClient, type VersionsClient } from './versions-client.ts'
import { createViewClient, type ViewClient } from './view-client.ts'
import type {
  Accepted,
  AggregateSnapshots,
  CommandLogPage,
  Envelope,
  ImageSummary,
  LogPage,
  Page,
  ProcessingResult,
  ProcessorSummary,
  RuleSummary,
  StreamHistory,
  StreamPage,
  StreamState,
  StreamSummary,
  Trace,
  ViewSummary,
} from './wire.ts'

export interface ExecuteOptions {
  /** The command's id; a fresh UUID unless given. The same id has one effect and the same answer. */
  readonly id?: string | undefined
  /** Decide at this revision of the stream or not at all (412). */
  readonly expectedRevision?: number | undefined
  readonly correlationId?: string | undefined
  readonly signal?: AbortSignal | undefined
}

interface Paging {
  readonly after?: number | undefined
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface AskOptions {
  /** Of which moment everything is that the query reads; default: now. */
  readonly at?: Moment | undefined
  /** Every view that the query reads shows this position; `head`: all that is recorded. */
  readonly waitFor?: number | 'head' | undefined
  /** Milliseconds to wait for the answer at most. */
  readonly timeout?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface AsOf {
  /** Default: now. */
  readonly at?: Moment | undefined
  /** As it was believed when the log ended at this position: without later amendments. Default: as it is known today. */
  readonly known?: number | undefined
}

interface AcrossTenants {
  /** Of every tenant, each item with its own; for those who may reach any. */
  readonly allTenants?: boolean | undefined
}

export interface ExternalCallsQuery extends AcrossTenants {
  readonly status?: ExternalCall['status'] | undefined
  /** The id of a command or an event. */
  readonly caller?: string | undefined
  /** Only those before this place in the journal. */
  readonly before?: number | undefined
  readonly limit?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface EventPaging extends Paging {
  /** `recorded`: events with the data and the version that were recorded; default: those of the current schema. */
  readonly as?: 'current' | 'recorded' | undefined
}

/** A gateway, as a browser or another process talks to it. All methods throw `HeadwaterProblem`. */
export interface Client extends AmendingClient, PredictingClient {
  /**
   * Sends a command. Where the answer was lost on the way it is asked for again with the same idempotency
   * key, so the command has one effect however often it had to be sent. A rejection by the domain is thrown
   * as a problem whose `rejected` is true, with the rejection's code.
   */
  execute(type: string, data: unknown, options?: ExecuteOptions): Promise<Accepted>
  /**
   * Asks a query. Where it has no answer a problem with status 404 is thrown (`query.not-found`).
   *
   * @param input what its schema takes; nothing where it takes nothing
   */
  query<Result = unknown>(name: string, input?: unknown, options?: AskOptions): Promise<Result>
  queries(signal?: AbortSignal): Promise<readonly CatalogQuery[]>
  /** A page of one stream, after a revision, of now or as of a moment. */
  stream(stream: string, paging?: EventPaging & AsOf): Promise<StreamPage>
  /** Streams by the start of their name. */
  streams(query?: {
    prefix?: string | undefined
    cursor?: string | undefined
    limit?: number | undefined
    signal?: AbortSignal | undefined
  }): Promise<Page<StreamSummary>>
  /** A stream's events with the state after each, and what each changed. */
  history<State = unknown>(stream: string, paging?: Paging & AsOf): Promise<StreamHistory<State>>
  /** The state of an aggregate, of now or as of a moment. */
  state<State = unknown>(
    stream: string,
    options?: AsOf & { readonly signal?: AbortSignal | undefined },
  ): Promise<StreamState<State>>
  event(id: string, signal?: AbortSignal): Promise<Envelope>
  /** All that belongs to the same cause as this event, command or correlation id. */
  trace(id: string, signal?: AbortSignal): Promise<Trace>
  /** A page of the log, after a position. */
  log(query?: EventPaging & AcrossTenants & { types?: readonly string[] | undefined }): Promise<LogPage>
  /** Follows the log: `for await (const event of client.events({ after }))`. */
  events(options?: FollowOptions): EventFeed
  /** The same as an RxJS observable. */
  events$(options?: Omit<FollowOptions, 'signal'>): EventObservable
  view<Doc = unknown>(name: string): ViewClient<Doc>
  views(signal?: AbortSignal): Promise<readonly ViewSummary[]>
  /** The same client on a branch: commands and reads of the log, of views and of queries; what is main's alone stays so. */
  on(branch: string): Client
  /** The tenant's branches. */
  readonly branches: BranchesClient
  /** The versions of a view, and its rebuilds. */
  versions(view: string): VersionsClient
  processors(signal?: AbortSignal): Promise<readonly ProcessorSummary[]>
  /** What processing made of an event, by all processors. */
  results(eventId: string, signal?: AbortSignal): Promise<readonly ProcessingResult[]>
  /** What an operator does with one of them. */
  processor(name: string): ProcessorClient
  /** Begins a session that goes through recorded events, step by step, with all that each of them changed. */
  debug(options?: DebugOptions): Promise<DebugClient>
  /** The dated rules, and what is in force at a time; default: now. */
  rules(query?: { at?: Date | undefined; signal?: AbortSignal | undefined }): Promise<readonly RuleSummary[]>
  /** What is called in the world outside, and which calls were blocked. */
  externals(options?: AcrossTenants & { readonly signal?: AbortSignal | undefined }): Promise<ExternalList>
  /** The journal of an external, the last call first. */
  externalCalls(external: string, query?: ExternalCallsQuery): Promise<readonly ExternalCall[]>
  /** A call with all that is journaled of it. */
  externalCall(
    external: string,
    sequence: number,
    options?: AcrossTenants & { readonly signal?: AbortSignal | undefined },
  ): Promise<ExternalCall>
  /** What became of the snapshots of each aggregate that keeps some, since the server began. */
  snapshots(signal?: AbortSignal): Promise<readonly AggregateSnapshots[]>
  /** How the memory images of the server are doing. */
  images(signal?: AbortSignal): Promise<readonly ImageSummary[]>
  catalog(signal?: AbortSignal): Promise<Catalog>
  /** A page of the command log, after a sequence number. */
  commands(paging?: Paging & AcrossTenants): Promise<CommandLogPage>
}

/** A client of the gateway at `url`. Nothing is sent before it is used. */
export function createClient(options: TransportOptions): Client {
  const transport = createTransport(options)
  const { json, branch } = transport
  const part = encodeURIComponent

  return {
    execute: (type, data, { id = newCommandId(), expectedRevision, correlationId, signal } = {}) =>
      json(`/commands/${part(type)}`, {
        method: 'POST',
        query: { branch },
        body: data,
        headers: {
          'idempotency-key': id,
          'if-match': expectedRevision === undefined ? undefined : `"${expectedRevision}"`,
          'correlation-id': correlationId,
        },
        signal,
      }),
    query: (name, input, { signal, at, ...query } = {}) =>
      json(`/queries/${part(name)}`, {
        query: {
          ...query,
          branch,
          at: writtenMoment(at),
          input: input === undefined ? undefined : JSON.stringify(input),
        },
        signal,
      }),
    queries: async (signal) => {
      const { queries } = await json<{ queries: readonly CatalogQuery[] }>('/queries', { signal })
      return queries
    },
    stream: (stream, { signal, at, ...query } = {}) =>
      json(`/streams/${part(stream)}`, { query: { ...query, branch, at: writtenMoment(at) }, signal }),
    streams: ({ signal, ...query } = {}) => json('/streams', { query: { ...query, branch }, signal }),
    history: (stream, { signal, at, ...query } = {}) =>
      json(`/streams/${part(stream)}/history`, {
        query: { ...query, branch, at: writtenMoment(at) },
        signal,
      }),
    state: (stream, { signal, at, known } = {}) =>
      json(`/streams/${part(stream)}/state`, { query: { branch, at: writtenMoment(at), known }, signal }),
    event: (id, signal) => json(`/events/${part(id)}`, { query: { branch }, signal }),
    ...createAmendingClient(transport),
    ...createPredictingClient(transport),
    trace: (id, signal) => json(`/trace/${part(id)}`, { query: { branch }, signal }),
    log: ({ signal, types, ...query } = {}) =>
      json('/events', { query: { ...query, branch, types: types?.join(',') }, signal }),
    events: (follow = {}) => eventFeed(transport, follow),
    events$: (follow = {}) => eventObservable(transport, follow),
    view: (name) => createViewClient(transport, name),
    views: async (signal) => {
      const { views } = await json<{ views: readonly ViewSummary[] }>('/views', { signal })
      return views
    },
    on: (name) => createClient({ ...options, branch: name === 'main' ? undefined : name }),
    branches: createBranchesClient(transport),
    versions: (view) => createVersionsClient(transport, view),
    processors: async (signal) => {
      const { processors } = await json<{ processors: readonly ProcessorSummary[] }>('/processors', {
        signal,
      })
      return processors
    },
    processor: (name) => createProcessorClient(transport, name),
    results: async (eventId, signal) => {
      const path = `/events/${part(eventId)}/results`
      const { results } = await json<{ results: readonly ProcessingResult[] }>(path, { signal })
      return results
    },
    debug: (options) => beginDebugging(transport, options),
    rules: async ({ at, signal } = {}) => {
      const query = { at: at?.toISOString() }
      const { rules } = await json<{ rules: readonly RuleSummary[] }>('/rules', { query, signal })
      return rules
    },
    externals: ({ signal, ...query } = {}) => json('/externals', { query, signal }),
    externalCalls: async (external, { signal, ...query } = {}) => {
      const path = `/externals/${part(external)}/calls`
      const { calls } = await json<{ calls: readonly ExternalCall[] }>(path, { query, signal })
      return calls
    },
    externalCall: (external, sequence, { signal, ...query } = {}) =>
      json(`/externals/${part(external)}/calls/${sequence}`, { query, signal }),
    snapshots: async (signal) => {
      const { aggregates } = await json<{ aggregates: readonly AggregateSnapshots[] }>('/snapshots', {
        signal,
      })
      return aggregates
    },
    images: async (signal) => {
      const { images } = await json<{ images: readonly ImageSummary[] }>('/images', { signal })
      return images
    },
    catalog: (signal) => json('/catalog', { signal }),
    commands: ({ signal, ...query } = {}) => json('/commands', { query: { ...query, branch }, signal }),
  }
}
