import type { Catalog } from './catalog.ts'
import { newCommandId } from './command-id.ts'
import { type EventFeed, type EventObservable, eventFeed, eventObservable } from './feed.ts'
import type { FollowOptions } from './follow.ts'
import { createTransport, type TransportOptions } from './transport.ts'
import { createViewClient, type ViewClient } from './view-client.ts'
import type {
  Accepted,
  CommandLogPage,
  Envelope,
  LogPage,
  Page,
  ProcessorSummary,
  StreamHistory,
  StreamPage,
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

/** A gateway, as a browser or another process talks to it. All methods throw `HeadwaterProblem`. */
export interface Client {
  /**
   * Sends a command. Where the answer was lost on the way it is asked for again with the same idempotency
   * key, so the command has one effect however often it had to be sent. A rejection by the domain is thrown
   * as a problem whose `rejected` is true, with the rejection's code.
   */
  execute(type: string, data: unknown, options?: ExecuteOptions): Promise<Accepted>
  /** A page of one stream, after a revision. */
  stream(stream: string, paging?: Paging): Promise<StreamPage>
  /** Streams by the start of their name. */
  streams(query?: {
    prefix?: string | undefined
    cursor?: string | undefined
    limit?: number | undefined
    signal?: AbortSignal | undefined
  }): Promise<Page<StreamSummary>>
  /** A stream's events with the state after each. */
  history<State = unknown>(stream: string, paging?: Paging): Promise<StreamHistory<State>>
  event(id: string, signal?: AbortSignal): Promise<Envelope>
  /** All that belongs to the same cause as this event, command or correlation id. */
  trace(id: string, signal?: AbortSignal): Promise<Trace>
  /** A page of the log, after a position. */
  log(query?: Paging & { types?: readonly string[] | undefined }): Promise<LogPage>
  /** Follows the log: `for await (const event of client.events({ after }))`. */
  events(options?: FollowOptions): EventFeed
  /** The same as an RxJS observable. */
  events$(options?: Omit<FollowOptions, 'signal'>): EventObservable
  view<Doc = unknown>(name: string): ViewClient<Doc>
  views(signal?: AbortSignal): Promise<readonly ViewSummary[]>
  processors(signal?: AbortSignal): Promise<readonly ProcessorSummary[]>
  catalog(signal?: AbortSignal): Promise<Catalog>
  /** A page of the command log, after a sequence number. */
  commands(paging?: Paging): Promise<CommandLogPage>
}

/** A client of the gateway at `url`. Nothing is sent before it is used. */
export function createClient(options: TransportOptions): Client {
  const transport = createTransport(options)
  const { json } = transport
  const part = encodeURIComponent

  return {
    execute: (type, data, { id = newCommandId(), expectedRevision, correlationId, signal } = {}) =>
      json(`/commands/${part(type)}`, {
        method: 'POST',
        body: data,
        headers: {
          'idempotency-key': id,
          'if-match': expectedRevision === undefined ? undefined : `"${expectedRevision}"`,
          'correlation-id': correlationId,
        },
        signal,
      }),
    stream: (stream, { signal, ...query } = {}) => json(`/streams/${part(stream)}`, { query, signal }),
    streams: ({ signal, ...query } = {}) => json('/streams', { query, signal }),
    history: (stream, { signal, ...query } = {}) =>
      json(`/streams/${part(stream)}/history`, { query, signal }),
    event: (id, signal) => json(`/events/${part(id)}`, { signal }),
    trace: (id, signal) => json(`/trace/${part(id)}`, { signal }),
    log: ({ signal, types, ...query } = {}) =>
      json('/events', { query: { ...query, types: types?.join(',') }, signal }),
    events: (follow = {}) => eventFeed(transport, follow),
    events$: (follow = {}) => eventObservable(transport, follow),
    view: (name) => createViewClient(transport, name),
    views: async (signal) => {
      const { views } = await json<{ views: readonly ViewSummary[] }>('/views', { signal })
      return views
    },
    processors: async (signal) => {
      const { processors } = await json<{ processors: readonly ProcessorSummary[] }>('/processors', {
        signal,
      })
      return processors
    },
    catalog: (signal) => json('/catalog', { signal }),
    commands: ({ signal, ...query } = {}) => json('/commands', { query, signal }),
  }
}
