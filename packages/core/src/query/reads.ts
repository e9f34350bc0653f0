import type { Aggregate } from '../decide/aggregate.ts'
import type { CallOutside } from '../external/calls.ts'
import type { MemoryImage, ReadTables } from '../image/image.ts'
import type { StateOf } from '../handle/states.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import { HeadwaterError } from '../message/errors.ts'
import { describeMoment, type Moment } from '../message/moment.ts'
import type { AnyEventType } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { ReadOptions, ViewReader } from '../view/reader.ts'
import type { SqlView, View } from '../view/view.ts'
import type { QueryContext, ViewReads } from './context.ts'
import type { QueryMessage } from './message.ts'
import type { Sources } from './sources.ts'

export interface ReadsParts {
  readonly sources: Sources
  readonly actor: string | null
  readonly tenant: string
  readonly now: Date
  /** What views have to show. */
  readonly waitFor: number | undefined
  /** Undefined: the present. */
  readonly at: Moment | undefined
  /** Milliseconds. */
  readonly timeLimit: number
  readonly signal: AbortSignal
  readonly call: CallOutside
  readonly ask: (query: QueryMessage) => Promise<unknown>
}

/** What a handler reads by. A query's own tenant, time and signal go with every read, whatever the handler says. */
export class Reads implements QueryContext {
  readonly actor: string | null
  readonly tenant: string
  readonly now: Date
  readonly signal: AbortSignal
  readonly call: CallOutside
  readonly #sources: Sources
  readonly #options: ReadOptions
  readonly #at: Moment | undefined
  readonly #ask: (query: QueryMessage) => Promise<unknown>

  constructor({ sources, actor, tenant, now, waitFor, at, timeLimit, signal, call, ask }: ReadsParts) {
    this.actor = actor
    this.tenant = tenant
    this.now = now
    this.signal = signal
    this.call = call
    this.#sources = sources
    this.#options = { tenant, waitFor, timeLimit, signal, ...(at !== undefined && { at }) }
    this.#at = at
    this.#ask = ask
    Object.freeze(this)
  }

  // Arrows, so that handlers can take them out of the context.

  readonly view = <Document>(view: View<string, Document> | string): ViewReads<Document> => {
    const options = this.#options
    const reader = this.#sources.view(typeof view === 'string' ? view : view.name) as ViewReader<Document>
    return {
      get: (key) => reader.get(key, options),
      list: (listing) => reader.list({ ...listing, ...options }),
      all: (listing) => reader.all({ ...listing, ...options }),
    }
  }

  readonly image = <Types>(image: MemoryImage<string, Types>): Promise<ReadTables<Types>> => {
    this.#requirePresent(`The memory image ${image.name}`)
    const { waitFor = 0, timeLimit = 5_000 } = this.#options
    return this.#sources.image(image, this.tenant).at(waitFor, { timeLimit })
  }

  readonly sql = <Reader>(
    tables: Tables<string, TableTools, Reader> | SqlView<string, Reader>,
  ): Promise<Reader> => {
    this.#requirePresent(`What is kept in tables, such as ${tables.name},`)
    return this.#sources.sql(tables, this.#options)
  }

  readonly state = async <State>(
    aggregate: Aggregate<string, State>,
    id: string,
  ): Promise<StateOf<State>> => {
    const { state, revision } = await this.#sources.state(aggregate, id, this.tenant, this.#at)
    return { state: state as State, revision }
  }

  readonly stream = (stream: string, { after = 0 }: { readonly after?: number } = {}) =>
    until(this.#sources.stream(stream, { after, tenant: this.tenant, at: this.#at }), this.signal)

  readonly events = <Event extends AnyEventType>({
    types,
    after = 0,
  }: {
    readonly types?: readonly (Event | string)[]
    readonly after?: number
  } = {}): AsyncIterable<RecordedEventOf<Event>> => {
    const names = types?.map((type) => (typeof type === 'string' ? type : type.type))
    const { tenant, signal } = this
    const options = { after, tenant, signal, at: this.#at, ...(names !== undefined && { types: names }) }
    return this.#sources.events(options) as AsyncIterable<RecordedEventOf<Event>>
  }

  readonly query = <Result>(message: QueryMessage<string, unknown, Result>): Promise<Result> =>
    this.#ask(message) as Promise<Result>

  /** @throws HeadwaterError `time.no-past` */
  #requirePresent(what: string): void {
    if (this.#at === undefined) return
    throw new HeadwaterError('time.no-past', `${what} can’t be read as of ${describeMoment(this.#at)}`)
  }
}

async function* until(
  events: AsyncIterable<RecordedEvent>,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent> {
  for await (const event of events) {
    signal.throwIfAborted()
    yield event
  }
}
