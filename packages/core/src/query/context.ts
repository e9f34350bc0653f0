import type { Aggregate } from '../decide/aggregate.ts'
import type { CallOutside } from '../external/calls.ts'
import type { MemoryImage, ReadTables } from '../image/image.ts'
import type { StateOf } from '../handle/states.ts'
import type { Tables, TableTools } from '../log/tables.ts'
import type { Moment } from '../message/moment.ts'
import type { AnyEventType } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { ListQuery, ReadOptions, ViewItem, ViewPage } from '../view/reader.ts'
import type { SqlView, View } from '../view/view.ts'
import type { QueryMessage } from './message.ts'

/** How a query lists documents: whose they are and what is waited for is the query's own. */
export type Listing = Omit<ListQuery, keyof ReadOptions>

/** The documents of a view, for reading, of the query's tenant and as of what the query waits for. */
export interface ViewReads<Document> {
  get(key: string): Promise<ViewItem<Document> | undefined>
  /** @throws HeadwaterError `view.invalid-query` */
  list(listing?: Listing): Promise<ViewPage<Document>>
  /** Every document that matches, page after page. */
  all(listing?: Omit<Listing, 'cursor'>): AsyncIterable<ViewItem<Document>>
}

/** All that the handler of a query gets from Headwater: it reads, of one tenant, until the query is given up. */
export interface QueryContext {
  readonly view: {
    <Document>(view: View<string, Document>): ViewReads<Document>
    (name: string): ViewReads<unknown>
  }
  /** The tables of a memory image, which has everything that the query waits for. */
  readonly image: <Types>(image: MemoryImage<string, Types>) => Promise<ReadTables<Types>>
  /** The tables of a context or of a SQL view, which has everything that the query waits for. They hold all tenants' rows. */
  readonly sql: {
    <Reader>(tables: Tables<string, TableTools, Reader>): Promise<Reader>
    <Reader>(view: SqlView<string, Reader>): Promise<Reader>
  }
  /** The state of an aggregate. */
  readonly state: <State>(aggregate: Aggregate<string, State>, id: string) => Promise<StateOf<State>>
  /** The events of a stream after a revision, in order. */
  readonly stream: (stream: string, options?: { readonly after?: number }) => AsyncIterable<RecordedEvent>
  /** The events of the log after a position, in order. */
  readonly events: {
    <Event extends AnyEventType>(options: {
      readonly types: readonly Event[]
      readonly after?: number
    }): AsyncIterable<RecordedEventOf<Event>>
    (options?: { readonly types?: readonly string[]; readonly after?: number }): AsyncIterable<RecordedEvent>
  }
  /**
   * Asks the outside: `await call(exchangeRate({ from, to }))`. The answer is journaled, so that the same question can be
   * answered as of today later on. What it asks for should change nothing there.
   *
   * @throws HeadwaterError `external.failed`, `external.timeout`, `external.invalid-answer`, `external.too-large`,
   *   `external.blocked`, `external.unknown`
   */
  readonly call: CallOutside
  /** Asks another query: as the same actor, of the same tenant, within the same time. */
  readonly query: <Result>(message: QueryMessage<string, unknown, Result>) => Promise<Result>
  /** When it was asked; of the past, the moment as of which it was. */
  readonly now: Date
  readonly actor: string | null
  readonly tenant: string
  /** Aborted when it is given up: its time is over, who asked has gone, or Headwater closes. */
  readonly signal: AbortSignal
}

export interface QueryOptions {
  /**
   * Of which moment everything is that the query reads: views, states, streams and events. It is also the time that the
   * handler takes for now. Default: the present. What has no past can't be read then: memory images and tables.
   */
  readonly at?: Moment | undefined
  readonly actor?: string | null
  readonly tenant?: string
  /**
   * Every view that the query reads shows at least this position, that of a command's outcome; `head`: all that is recorded
   * when the query is asked. States and streams are always current.
   */
  readonly waitFor?: number | 'head'
  /** Milliseconds after which the query is given up; default: what its definition says. */
  readonly timeLimit?: number
  readonly signal?: AbortSignal
}
