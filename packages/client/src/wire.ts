/** What the gateway sends, as it is on the wire. Times are ISO 8601 strings; what is absent is null. */

/** One fact: what was recorded, where it stands in its stream and in the log, and what caused it. */
export interface Envelope<Data = unknown> {
  readonly id: string
  readonly type: string
  readonly version: number
  readonly stream: string
  readonly aggregateId: string
  readonly revision: number
  readonly position: number
  readonly recordedAt: string
  readonly occurredAt: string | null
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  readonly data: Data
}

/** The answer to an accepted command; `position` is that of its last event, for `waitFor`. */
export interface Accepted {
  readonly commandId: string
  readonly stream: string
  readonly revision: number
  /** Null where the decision made no event. */
  readonly position: number | null
  readonly events: readonly { id: string; type: string; revision: number; position: number }[]
}

/** A page of the log: `scannedTo` is how far the server looked, also where the filter left events out. */
export interface LogPage {
  readonly events: readonly Envelope[]
  readonly scannedTo: number
  readonly head: number
}

export interface StreamPage {
  readonly events: readonly Envelope[]
}

/** A page that goes on after `cursor`; no cursor means that this was the last one. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly cursor: string | null
}

export interface StreamSummary {
  readonly stream: string
  readonly revision: number
}

/** A page of a stream's events, each with the state after it; `initial` is the state before the first of them. */
export interface StreamHistory<State = unknown> {
  readonly stream: string
  readonly revision: number
  readonly initial: State
  readonly items: readonly { readonly event: Envelope; readonly state: State }[]
}

export interface Document<Doc = unknown> {
  readonly key: string
  readonly doc: Doc
  readonly position: number
}

/** How far something is behind the head of the log. */
export interface Lag {
  readonly events: number
  readonly seconds: number
}

export interface ViewSummary {
  readonly name: string
  readonly lifecycle: 'async' | 'inline' | 'live'
  readonly events: readonly string[]
  readonly indexes: readonly string[]
  readonly position: number
  readonly lag: Lag
}

export interface ProcessorSummary {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  readonly status: 'running' | 'stopped' | 'failed'
  readonly position: number
  readonly head: number
  readonly lag: Lag
  readonly parked: number
  readonly error?: string | null
}

/** Why a command was turned down by the domain. */
export interface RejectionReason {
  readonly code: string
  readonly message?: string
  readonly data?: unknown
}

interface Decided {
  readonly id: string
  readonly type: string
  readonly actor: string | null
  readonly decidedAt: string
  readonly status: 'accepted' | 'rejected'
  readonly reason?: RejectionReason | null
  readonly correlationId: string | null
  readonly causationId: string | null
}

/** A command as a trace shows it. */
export interface TracedCommand extends Decided {
  readonly stream: string | null
}

/** A row of the command log: the intent, what it read, and what became of it. */
export interface LoggedCommand extends Decided {
  readonly sequence: number
  readonly payload: unknown
  /** The streams that the decision read, with the revisions it read them at. */
  readonly reads: { readonly streams?: readonly (readonly [string, number])[] }
  /** The position of its first event; null where it made none. */
  readonly position: number | null
  /** How many events it made. */
  readonly events: number
}

export interface CommandLogPage {
  readonly commands: readonly LoggedCommand[]
  readonly scannedTo: number
}

/** Everything that came of one cause: causation ids link commands to events and events to commands. */
export interface Trace {
  readonly correlationId: string | null
  readonly events: readonly Envelope[]
  readonly commands: readonly TracedCommand[]
}
