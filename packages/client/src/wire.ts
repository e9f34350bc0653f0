/** What the gateway sends, as it is on the wire. Times are ISO 8601 strings; what is absent is null. */

import type { Amended } from './amendments-wire.ts'

/** One fact: what was recorded, where it stands in its stream and in the log, and what caused it. */
export interface Envelope<Data = unknown> {
  readonly id: string
  readonly type: string
  /** Of the schema of `data`. */
  readonly version: number
  /** The version it was recorded with, where `data` was brought from it to `version`. */
  readonly recordedVersion?: number
  /** Only where events of all tenants are read. */
  readonly tenant?: string
  readonly stream: string
  readonly aggregateId: string
  readonly revision: number
  readonly position: number
  readonly recordedAt: string
  readonly occurredAt: string | null
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  /** Where an amendment has omitted, replaced or inserted it, and it is read with amendments. */
  readonly amended?: Amended
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
  readonly items: readonly HistoryStep<State>[]
}

/** An event, the state after it, and what it changed in the state. */
export interface HistoryStep<State = unknown> {
  readonly event: Envelope
  readonly state: State
  readonly changed: readonly Change[]
}

/** A value that is another one after an event: `lines.0.quantity` from 1 to 2. What is not there is null. */
export interface Change {
  /** Empty: the whole. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** The state of an aggregate, and the revision of its stream that it is of. */
export interface StreamState<State = unknown> {
  readonly stream: string
  readonly revision: number
  readonly state: State
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
  readonly search: readonly string[]
  readonly position: number
  readonly lag: Lag
  /** The version that is read; null: it is live, or its first one is being built. */
  readonly version: number | null
  /** How the server's code stands to the documents that are read; `changed`: rebuild it. */
  readonly code: 'same' | 'changed' | 'superseded' | null
  readonly rebuild: RebuildProgress | null
}

/** How far the rebuild of a view is. */
export interface RebuildProgress {
  readonly view: string
  readonly version: number
  readonly state: 'building' | 'ready' | 'blocked' | 'switched' | 'failed'
  readonly position: number
  readonly head: number
  /** From 0 to 1. */
  readonly fraction: number
  /** Positions a second; null: not known yet. */
  readonly rate: number | null
  readonly secondsLeft: number | null
  /** Counted up to 1,000. */
  readonly parked: number
  /** The first of them, of the tenants that the sender may reach; empty in a list of views. */
  readonly errors: readonly {
    readonly tenant: string
    readonly sequence: string
    readonly position: number
    readonly attempts: number
    readonly error: string | null
    readonly parkedAt: string
  }[]
  readonly startedAt: string
  readonly startedBy: string
  /** Whether the server that answers builds it. */
  readonly isHere: boolean
  readonly reason: string | null
}

export interface RebuildRequest {
  readonly allTenants?: boolean
  /** `asked`: the new version waits for a switch. */
  readonly switch?: 'caught-up' | 'asked'
  readonly withParked?: boolean
  /** Milliseconds for which the version that it replaces is kept. */
  readonly grace?: number
}

/** A version of a view's documents. */
export interface ViewVersion {
  readonly version: number
  readonly state: 'building' | 'current' | 'retired' | 'failed'
  readonly lifecycle: 'async' | 'inline'
  readonly collection: string
  readonly code: string | null
  readonly isOwnCode: boolean
  readonly position: number
  readonly madeBy: string
  readonly madeAt: string
  readonly changedAt: string
  readonly keptUntil: string | null
  readonly reason: string | null
}

export interface ProcessorSummary {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  readonly status: 'starting' | 'running' | 'standby' | 'paused' | 'outdated' | 'failed' | 'stopped'
  readonly position: number
  readonly head: number
  readonly lag: Lag
  /** Those that wait behind a failed one included. */
  readonly parked: number
  readonly error?: string | null
  /** Who paused it, and why; null: nobody did. */
  readonly paused: Intervention | null
  readonly partitions: readonly ProcessorPartition[]
}

/** A part of a processor's keys, by the slots to which they are hashed. */
export interface ProcessorPartition {
  readonly first: number
  readonly last: number
  readonly position: number
  /** The process that has it; null: none. */
  readonly owner: string | null
}

/** What an operator did to something. */
export interface Intervention {
  readonly actor: string | null
  readonly why: string | null
  readonly at: string
}

/** An event that could not be processed, or that waits behind one that could not. */
export interface ParkedEvent {
  readonly tenant: string
  /** The key by which it waits: a stream, or a view's key. */
  readonly sequence: string
  readonly position: number
  /** How often it was tried; 0: it waits behind another. */
  readonly attempts: number
  readonly error: string | null
  readonly parkedAt: string
  readonly isEdited: boolean
}

/** The parked events of one key: the first of them, on which it waits, and how many there are. */
export interface ParkedSequence extends Omit<ParkedEvent, 'isEdited'> {
  /** No more than 10,000 are counted. */
  readonly events: number
  /** It will be tried again. */
  readonly isAsked: boolean
}

export interface ParkedEventDetail extends ParkedEvent {
  /** As it was recorded. */
  readonly event: Envelope
  /** What it is processed with: its own data, or what it was edited to. */
  readonly data: unknown
  readonly edit: Intervention | null
  /** How many events of its sequence wait behind it. */
  readonly behind: number
}

/** What became of an event that a processor handled. */
export interface ProcessingResult {
  readonly tenant: string
  readonly sequence: string
  readonly processor: string
  readonly position: number
  readonly status: 'handled' | 'failed' | 'dropped'
  readonly attempts: number
  /** What the handler returned; null: nothing. */
  readonly result: unknown
  readonly error: string | null
  /** The process that did it. */
  readonly owner: string
  readonly at: string
  /** Who dropped or edited it, and why; null: nobody did. */
  readonly actor: string | null
  readonly why: string | null
  /** The reprocessing job that it comes from; null: the normal run. */
  readonly job: string | null
}

/** What an operator did with a processor. */
export interface OperatorAct extends Intervention {
  readonly sequence: number
  readonly kind: string
  readonly details: unknown
}

/** A job that handles old events once more. */
export interface Reprocessing {
  readonly id: string
  readonly processor: string
  /** Positions, both included. */
  readonly from: number
  readonly to: number
  readonly state: 'asked' | 'done' | 'cancelled'
  /** The last position that is done; one before `from`: it has not begun. */
  readonly reached: number
  readonly actor: string | null
  readonly why: string | null
  readonly askedAt: string
  readonly endedAt: string | null
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
  /** Only where commands of all tenants are read. */
  readonly tenant?: string
  readonly sequence: number
  readonly payload: unknown
  /**
   * What the decision read: streams at a revision, and dated rules by name, by the time from which the entry is in force
   * (null: ever since), and by a fingerprint of its value.
   */
  readonly reads: {
    readonly streams?: readonly (readonly [string, number])[]
    readonly rules?: readonly (readonly [string, string | null, string])[]
    /** Answers from the outside, by their external and their place in its journal. */
    readonly externals?: readonly (readonly [string, number])[]
  }
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

/** A dated rule. */
export interface RuleSummary {
  readonly name: string
  readonly description: string | null
  /** In which its dates without an offset are meant. */
  readonly timeZone: string
  /** Later ones win where they are in force. */
  readonly entries: readonly RuleEntry[]
  /** At the time that was asked for; null: nothing. */
  readonly inForce: RuleEntry | null
}

export interface RuleEntry {
  /** Null: from the beginning of time. */
  readonly from: string | null
  /** The first moment at which it applies no longer; null: it has no end. */
  readonly to: string | null
  readonly kind: 'data' | 'function'
  /** Data; of a function its name. */
  readonly value: unknown
  readonly fingerprint: string
}

/** What became of an aggregate's snapshots in the server's process. */
export interface AggregateSnapshots {
  readonly aggregate: string
  /** Taken after so many events of a stream. */
  readonly every: number | null
  /** Taken every day at this time. */
  readonly at: string | null
  readonly taken: number
  /** Streams that were loaded from one. */
  readonly used: number
  /** Ignored: other code or other rules had made them. */
  readonly outdated: number
  /** Ignored: the log does not have the event they stand on. */
  readonly untrusted: number
  /** Not taken because too many were waiting. */
  readonly skipped: number
  readonly failed: number
  /** Why none are taken any more. */
  readonly error: { readonly code: string; readonly message: string } | null
}

/** A memory image of the server's process. */
export interface ImageSummary {
  readonly name: string
  readonly status: 'loading' | 'ready' | 'failed' | 'stopped'
  readonly position: number
  readonly head: number
  readonly lag: { readonly events: number }
  readonly entries: number
  /** The position of the snapshot that it began with; 0: none. */
  readonly loadedFrom: number
  /** The position of the last snapshot; 0: none. */
  readonly savedAt: number
  /** Milliseconds until it was there; null: not yet. */
  readonly startedIn: number | null
  readonly error: { readonly code: string; readonly message: string } | null
}
