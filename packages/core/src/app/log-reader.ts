// The whole of it is 220 modules, which every start would load.
import { Observable } from 'rxjs/internal/Observable'
import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { checkStreamName } from '../message/stream.ts'
import { scopeNamed, tenantNamed, type TenantScope } from '../message/tenant.ts'
import type { LogFeed } from '../log/feed.ts'
import { findEvent } from '../log/find-event.ts'
import { mainBranch } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import { type ResultSummary, resultSummary } from '../process/desk.ts'
import { decodeReads, decodeReason, eventsOf } from '../handle/answers.ts'
import type { StreamPast } from '../time/stream-past.ts'
import type {
  EventsOptions,
  EventsPage,
  Headwater,
  HistoryPage,
  LoggedCommand,
  PastPageOptions,
  StreamEventsPage,
  StreamOptions,
  Trace,
} from './headwater.ts'
import type { Registry } from './registry.ts'
import { requireAggregate } from './state-reads.ts'

type StreamsOptions = Parameters<Headwater['streams']>[0]

const defaultLimit = 100
const largestLimit = 1_000
/** A trace shows at most so many commands. */
const mostTraced = 1_000

/** Everything that is read from the log and the command log. */
export class LogReader {
  readonly #store: Store
  readonly #feed: LogFeed
  readonly #codec: PayloadCodec
  readonly #registry: Registry
  readonly #closing: AbortSignal
  readonly #past: StreamPast

  constructor(
    store: Store,
    feed: LogFeed,
    past: StreamPast,
    codec: PayloadCodec,
    registry: Registry,
    closing: AbortSignal,
  ) {
    this.#store = store
    this.#feed = feed
    this.#codec = codec
    this.#registry = registry
    this.#closing = closing
    this.#past = past
  }

  async *events(options: EventsOptions = {}): AsyncGenerator<RecordedEvent> {
    const signal =
      options.signal === undefined ? this.#closing : AbortSignal.any([options.signal, this.#closing])
    let after = options.after ?? 0
    while (!signal.aborted) {
      const page = await this.readEvents({ ...options, after, limit: 500 })
      yield* page.events
      if (page.scannedTo > after) {
        after = page.scannedTo
        continue
      }
      if (options.live !== true) return
      await this.#feed.wait(after, signal)
    }
  }

  events$(options: EventsOptions = {}): Observable<RecordedEvent> {
    return observed((signal) => this.events({ live: true, ...options, signal }), options.signal)
  }

  subscribe(
    callback: (event: RecordedEvent) => void | Promise<void>,
    options: EventsOptions,
    onError: (error: unknown) => void,
  ): () => void {
    const stop = new AbortController()
    const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
    const follow = async (): Promise<void> => {
      for await (const event of this.events({ live: true, ...options, signal })) {
        if (signal.aborted) return
        await callback(event)
      }
    }
    follow().catch(onError)
    return () => stop.abort()
  }

  async readEvents(options: EventsOptions & { readonly limit?: number } = {}): Promise<EventsPage> {
    const types = options.types?.map((type) => (typeof type === 'string' ? type : type.type))
    return this.#feed.read({
      after: options.after ?? 0,
      limit: checkLimit(options.limit),
      tenant: scopeNamed(options),
      types: types === undefined ? undefined : new Set(types),
      query: options.query,
    })
  }

  async *stream(stream: string, options: StreamOptions = {}): AsyncGenerator<RecordedEvent> {
    let after = options.after ?? 0
    for (;;) {
      // Whatever is appended while the page is read stands beyond this position.
      const head = this.#feed.head
      const page = await this.readStream(stream, { ...options, after, limit: 500 })
      yield* page.events
      after = page.events.at(-1)?.revision ?? after
      if (page.events.length > 0 && after < page.revision) continue
      if (options.live === true) yield* this.#followStream(stream, after, head, options)
      return
    }
  }

  async *#followStream(
    stream: string,
    revision: number,
    position: number,
    { tenant, signal }: StreamOptions,
  ): AsyncGenerator<RecordedEvent> {
    const follow = {
      after: position,
      live: true,
      ...(tenant !== undefined && { tenant }),
      ...(signal && { signal }),
    }
    for await (const event of this.events(follow)) {
      if (event.stream === stream && event.revision > revision) yield event
    }
  }

  stream$(stream: string, options: StreamOptions = {}): Observable<RecordedEvent> {
    return observed((signal) => this.stream(stream, { live: true, ...options, signal }), options.signal)
  }

  /** @throws HeadwaterError `time.not-yet` */
  async readStream(stream: string, options: PastPageOptions = {}): Promise<StreamEventsPage> {
    const { after = 0, at, known } = options
    const tenant = tenantNamed(options.tenant)
    const limit = checkLimit(options.limit)
    checkStreamName(stream)
    if (at !== undefined || known !== undefined) {
      const part = { tenant, stream, at, known }
      const revision = await this.#past.revision(part)
      return { events: await firstOf(limit, this.#past.events(part, after)), revision }
    }
    const page = await this.#store.log.readStream({ branch: mainBranch, tenant, stream, after, limit })
    return { events: page.events.map((row) => this.#feed.decode(row)), revision: page.revision }
  }

  /** @throws HeadwaterError `stream.not-found` where no aggregate has such streams, `time.not-yet`, `event.newer-version` */
  async history(stream: string, options: PastPageOptions = {}): Promise<HistoryPage> {
    const aggregate = requireAggregate(this.#registry.aggregates, stream)
    const part = { tenant: tenantNamed(options.tenant), stream, at: options.at, known: options.known }
    const { after = 0 } = options
    const { initial, items } = await this.#past.history(aggregate, part, after, checkLimit(options.limit))
    return { stream, revision: await this.#past.revision(part), initial, items }
  }

  async streams({ prefix = '', after = '', limit = 100, tenant }: StreamsOptions = {}) {
    return this.#store.log.listStreams({
      branch: mainBranch,
      tenant: tenantNamed(tenant),
      prefix,
      after,
      limit: Math.min(limit, largestLimit),
    })
  }

  async event(id: string, options: { readonly tenant?: string } = {}): Promise<RecordedEvent | undefined> {
    const row = await findEvent(this.#store, tenantNamed(options.tenant), id)
    return row === undefined ? undefined : this.#feed.decode(row)
  }

  /** What processing made of an event, by all processors. @throws HeadwaterError `event.not-found` */
  async results(id: string, options: { readonly tenant?: string } = {}): Promise<readonly ResultSummary[]> {
    const event = await this.event(id, options)
    if (event === undefined)
      throw new HeadwaterError('event.not-found', `There is no event ${JSON.stringify(id)}`)
    const { tenant, position } = event
    const rows = await this.#store.results.list({ branch: mainBranch, tenant, position, limit: largestLimit })
    return rows.map((row) => resultSummary(row, this.#codec))
  }

  async trace(id: string, options: { readonly tenant?: string } = {}): Promise<Trace | undefined> {
    const tenant = tenantNamed(options.tenant)
    const event = await this.event(id, options)
    const row = event === undefined ? await this.#store.commands.find(mainBranch, tenant, id) : undefined
    const correlationId = event?.correlationId ?? (row === undefined ? id : (row.correlationId ?? row.id))
    const rows = await this.#store.commands.trace({
      branch: mainBranch,
      tenant,
      correlationId,
      limit: mostTraced,
    })
    if (event === undefined && rows.length === 0) return undefined
    const events = (await Promise.all(rows.map((command) => eventsOf(this.#store.log, command)))).flat()
    const traced = events.map((found) => this.#feed.decode(found))
    // An event of a direct append belongs to no command.
    if (event !== undefined && !traced.some((known) => known.position === event.position)) traced.push(event)
    traced.sort((one, other) => one.position - other.position)
    return { correlationId, events: traced, commands: rows.map((command) => this.#loggedCommand(command)) }
  }

  async commands(
    options: TenantScope & { readonly after?: number; readonly limit?: number } = {},
  ): Promise<readonly LoggedCommand[]> {
    const rows = await this.#store.commands.read({
      branch: mainBranch,
      tenant: scopeNamed(options),
      after: options.after ?? 0,
      limit: checkLimit(options.limit),
    })
    return rows.map((row) => this.#loggedCommand(row))
  }

  #loggedCommand(row: CommandRow): LoggedCommand {
    const reads = decodeReads(row.reads)
    return {
      sequence: row.sequence,
      tenant: row.tenant,
      id: row.id,
      type: row.type,
      payload: this.#codec.decode('command', row.type, 1, row.payload),
      actor: row.actor,
      decidedAt: new Date(row.decidedAt),
      status: row.status,
      reason: decodeReason(this.#codec, row),
      reads,
      correlationId: row.correlationId ?? row.id,
      causationId: row.causationId,
      stream: reads.streams?.[0]?.[0] ?? null,
      position: row.position,
      events: row.events,
    }
  }
}

/** Ends the iteration when nobody listens any more. */
function observed(
  iterate: (signal: AbortSignal) => AsyncIterable<RecordedEvent>,
  given: AbortSignal | undefined,
) {
  return new Observable<RecordedEvent>((subscriber) => {
    const stop = new AbortController()
    const pump = async (): Promise<void> => {
      for await (const event of iterate(
        given === undefined ? stop.signal : AbortSignal.any([given, stop.signal]),
      )) {
        if (subscriber.closed) return
        subscriber.next(event)
      }
      subscriber.complete()
    }
    pump().catch((error: unknown) => subscriber.error(error))
    return () => stop.abort()
  })
}

function checkLimit(limit: number = defaultLimit): number {
  return Math.max(1, Math.min(Math.trunc(limit), largestLimit))
}

async function firstOf(
  count: number,
  events: AsyncIterable<RecordedEvent>,
): Promise<readonly RecordedEvent[]> {
  const first: RecordedEvent[] = []
  for await (const event of events) if (first.push(event) === count) break
  return first
}
