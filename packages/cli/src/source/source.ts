import type { EventEnvelope, Outcome } from '@headwater/core'
import type { ViewFilter } from './filters.ts'

export interface PageOfEvents {
  readonly events: readonly EventEnvelope[]
  /** Everything up to here was looked at; a revision where it is a stream. */
  readonly scannedTo: number
  /** Nothing was recorded after it. */
  readonly head: number
}

export interface EventsQuery {
  readonly after: number
  readonly limit: number
  readonly types: readonly string[] | undefined
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
}

export interface DocumentLine {
  readonly key: string
  readonly doc: unknown
  readonly position: number
}

export interface ViewQuery {
  readonly filters: readonly ViewFilter[]
  readonly sort: string | undefined
  readonly limit: number
  readonly cursor: string | undefined
}

export interface DocumentLines {
  readonly items: readonly DocumentLine[]
  readonly cursor: string | null
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
  follow(query: Omit<EventsQuery, 'limit'>, signal: AbortSignal): AsyncIterable<EventEnvelope>
  /** The state of an aggregate. @throws `stream.not-found` */
  state(stream: string): Promise<{ readonly revision: number; readonly state: unknown }>
  views(): Promise<readonly ViewLine[]>
  /** @throws `view.unknown`, `view.not-found` */
  document(view: string, key: string): Promise<DocumentLine>
  /** @throws `view.unknown`, `view.invalid-query` */
  documents(view: string, query: ViewQuery): Promise<DocumentLines>
  send(type: string, data: unknown, options: SendOptions): Promise<Outcome>
  close(): Promise<void>
}
