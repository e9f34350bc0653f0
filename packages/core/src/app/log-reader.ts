import { Observable } from 'rxjs'
import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { parseEventId, timeOfId } from '../message/identity.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { aggregateNameOf, checkStreamName } from '../message/stream.ts'
import type { LogFeed } from '../log/feed.ts'
import { mainBranch } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import { decodeReads, decodeReason, eventsOf } from '../handle/answers.ts'
import type {
  EventsOptions,
  EventsPage,
  HistoryPage,
  LoggedCommand,
  PageOptions,
  StreamEventsPage,
  StreamOptions,
  Trace,
} from './headwater.ts'
import type { Registry } from './registry.ts'

const defaultLimit = 100
const largestLimit = 1_000
/** A trace shows at most so many commands. */
const mostTraced = 1_000
/** An event of a direct append is looked for by the time in its id: so much of the log around it, in events. */
const mostSearched = 20_000
const clockTolerance = 2_000

/** Everything that is read from the log and the command log. */
export class LogReader {
  readonly #store: Store
  readonly #feed: LogFeed
  readonly #codec: PayloadCodec
  readonly #registry: Registry
  readonly #closing: AbortSignal

  constructor(store: Store, feed: LogFeed, codec: PayloadCodec, registry: Registry, closing: AbortSignal) {
    this.#store = store
    this.#feed = feed
    this.#codec = codec
    this.#registry = registry
    this.#closing = closing
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
      tenant: options.tenant ?? '',
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

  async readStream(stream: string, options: PageOptions = {}): Promise<StreamEventsPage> {
    const page = await this.#store.log.readStream({
      branch: mainBranch,
      tenant: options.tenant ?? '',
      stream: checkStreamName(stream),
      after: options.after ?? 0,
      limit: checkLimit(options.limit),
    })
    return { events: page.events.map((row) => this.#feed.decode(row)), revision: page.revision }
  }

  /** @throws HeadwaterError `stream.not-found` where no aggregate has such streams */
  async history(stream: string, options: PageOptions = {}): Promise<HistoryPage> {
    const aggregate = this.#registry.aggregates.get(aggregateNameOf(checkStreamName(stream)))
    if (aggregate === undefined) {
      throw new HeadwaterError('stream.not-found', `No aggregate of this app has streams like ${stream}`)
    }
    const after = options.after ?? 0
    let state = aggregate.initial
    let initial = state
    if (after > 0) {
      for await (const event of this.stream(stream, { ...options, after: 0 })) {
        if (event.revision > after) break
        state = aggregate.evolve(state, event)
      }
      initial = state
    }
    const page = await this.readStream(stream, options)
    const items = page.events.map((event) => {
      state = aggregate.evolve(state, event)
      return { event, state }
    })
    return { stream, revision: page.revision, initial, items }
  }

  async event(id: string, options: { readonly tenant?: string } = {}): Promise<RecordedEvent | undefined> {
    const parsed = parseEventId(id)
    if (parsed === undefined) return undefined
    const tenant = options.tenant ?? ''
    const row = await this.#store.commands.find(mainBranch, tenant, parsed.commandId)
    if (row === undefined) return this.#searchByTime(id, parsed.commandId, tenant)
    if (row.position === null || parsed.ordinal > row.events) return undefined
    const page = await this.#store.log.read({
      branch: mainBranch,
      tenant,
      after: row.position + parsed.ordinal - 2,
      limit: 1,
    })
    const [event] = page.events
    return event === undefined ? undefined : this.#feed.decode(event)
  }

  /** A direct append has no command row, but its id holds the time at which it was made. */
  async #searchByTime(id: string, appendId: string, tenant: string): Promise<RecordedEvent | undefined> {
    const time = timeOfId(appendId)
    if (time === undefined) return undefined
    let after = (await this.#store.log.positionAt(mainBranch, time - clockTolerance)) - 1
    const end = after + mostSearched
    while (after < end) {
      const page = await this.#store.log.read({ branch: mainBranch, tenant, after, limit: largestLimit })
      const found = page.events.find(({ commandId, ordinal }) => `${commandId}.${ordinal}` === id)
      if (found !== undefined) return this.#feed.decode(found)
      if (page.scannedTo <= after) return undefined
      after = page.scannedTo
    }
    return undefined
  }

  async trace(id: string, options: { readonly tenant?: string } = {}): Promise<Trace | undefined> {
    const tenant = options.tenant ?? ''
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
    options: { readonly after?: number; readonly limit?: number; readonly tenant?: string } = {},
  ): Promise<readonly LoggedCommand[]> {
    const rows = await this.#store.commands.read({
      branch: mainBranch,
      tenant: options.tenant ?? '',
      after: options.after ?? 0,
      limit: checkLimit(options.limit),
    })
    return rows.map((row) => this.#loggedCommand(row))
  }

  #loggedCommand(row: CommandRow): LoggedCommand {
    const reads = decodeReads(row.reads)
    return {
      sequence: row.sequence,
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
