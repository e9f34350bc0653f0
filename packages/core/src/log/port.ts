import type { Encoded } from '../message/codec.ts'
import type { EventFields } from '../message/recorded.ts'
import type { Statement } from './sql.ts'

/**
 * The port of the log: what every store guarantees. `conformance/` holds the tests of each sentence.
 *
 * - Positions are dense, gapless and in commit order: whoever has read position p has read everything up to p.
 * - An acknowledged append is on disk. A conflict in one request of an `append` leaves the others untouched.
 * - Revisions of a stream are dense from 1. Recorded times never go backwards along positions.
 * - A command id is handled once: the command row is in the append's own transaction.
 * - No user code runs under the write lock.
 * - All of it holds on a branch, which is what its parents recorded up to where it begins, and then its own tail. A store
 *   keeps tails; that the reads go through what is before them is `branched`'s work, once for all stores.
 */
export interface Log {
  /** Records what it can of the requests, in this order, in one transaction; one result per request. */
  append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]>
  /**
   * Records all of the requests, in this order, in one transaction, or none: each as if those before it were recorded. They
   * are of one branch.
   *
   * @throws the error of a request that is at fault itself; then nothing was recorded
   */
  appendTogether(requests: readonly AppendRequest[]): Promise<AppendedTogether>
  read(query: LogQuery): Promise<LogPage>
  readStream(query: StreamQuery): Promise<StreamPage>
  /**
   * The events at some positions, in order; those that are not there are left out. Where the events are large it gives only
   * the first ones, at least one, so that a page doesn't fill the memory: who asks goes on after the last one.
   */
  readAt(query: PositionsQuery): Promise<readonly EventRow[]>
  /** Streams in the order of their names' code points. */
  listStreams(query: StreamsQuery): Promise<readonly StreamSummary[]>
  /** Tenants that have events, in the order of their names' code points. */
  listTenants(query: TenantsQuery): Promise<readonly string[]>
  head(branch: number): Promise<LogHead>
  /** The first position recorded at or after a time (epoch milliseconds); one past the head where there is none. */
  positionAt(branch: number, recordedAt: number): Promise<number>
  /** Calls back when events may have been appended, by this or another process. */
  onAppended(listener: AppendListener): () => void
}

/**
 * Hears of appends.
 *
 * @param to a position that main has reached, where that is known without asking: this process recorded it. Undefined:
 *   whoever wants to know how far a branch has come asks
 */
export type AppendListener = (to?: number) => void

/** The branch that is not a branch. */
export const mainBranch = 0

/**
 * What a stream must be like for an append: at any revision, without events, with events, or at exactly n.
 * `n` is checked in full: a revision that doesn't exist yet conflicts too.
 */
export type ExpectedRevision = 'any' | 'none' | 'exists' | number

/** Whether a stream that is at a revision is as an append expects it. */
export function isAsExpected(expected: ExpectedRevision, actual: number): boolean {
  switch (expected) {
    case 'any':
      return true
    case 'none':
      return actual === 0
    case 'exists':
      return actual > 0
    default:
      return actual === expected
  }
}

export interface EventToAppend {
  readonly type: string
  readonly version: number
  readonly data: Encoded
  /** Epoch milliseconds. */
  readonly occurredAt: number
  readonly tags: readonly string[]
}

export interface StreamAppend {
  /** At most once in a request. */
  readonly stream: string
  readonly expected: ExpectedRevision
  /** May be empty: then the stream's revision is only checked. */
  readonly events: readonly EventToAppend[]
  /**
   * The revision with which the stream comes into the branch from its parents. Of those who append only `BranchedLog` says
   * so, which knows; undefined, and on main: none.
   */
  readonly inherited?: number
}

/**
 * Events that match any item; an item matches an event of one of its types (undefined: any) that has all of its tags.
 * Without items it matches nothing.
 */
export interface EventQuery {
  readonly items: readonly { readonly types?: readonly string[]; readonly tags?: readonly string[] }[]
}

/** Refuses the append if events that match were recorded after a position (dynamic consistency boundary). */
export interface AppendCondition {
  readonly query: EventQuery
  /** Up to here the caller has read. */
  readonly after: number
}

/** What a command was and what became of it: the intent trail, kept outside the events. */
export interface CommandToLog {
  readonly type: string
  readonly payload: Encoded
  readonly status: 'accepted' | 'rejected'
  /** The encoded reason of a rejection. */
  readonly reason: Encoded | null
  /** The id of the event that caused the command; null: nothing in the log. (The command in turn causes its events.) */
  readonly causationId: string | null
  /** What the decision read, as JSON: `{"streams":[["order-1",3]]}`. */
  readonly reads: string
}

/** A document of a view, written in the append's transaction if it is still at the version that was read. */
export interface DocumentWrite {
  readonly collection: string
  readonly tenant: string
  readonly branch: number
  readonly key: string
  /** Null deletes. */
  readonly document: Encoded | null
  /** The version that was read, 0 where there was none; undefined: whatever it is. */
  readonly expectedVersion: number | undefined
  /**
   * The version to give it, from `firstChosenVersion` on, that the key never had: who chooses it can expect it in a
   * further write before this one is recorded. Undefined: the store counts on.
   */
  readonly version?: number
  /** The position that the document shows; undefined: that of the append's last event, or of the commit's checkpoint. */
  readonly position: number | undefined
  /**
   * The words by which a search finds the document, each once, with a space between them: of letters, digits and marks,
   * already made alike (`searchableWords`). Kept only in a searchable collection. Undefined or empty: no search finds it.
   */
  readonly words?: string
}

/** Versions below are counted by the store, the others chosen by writers. */
export const firstChosenVersion = 2 ** 40

export interface AppendRequest {
  readonly tenant: string
  readonly branch: number
  /** The command's id, or the append's own: the events' ids derive from it. */
  readonly commandId: string
  readonly actor: string | null
  /** Null: the command's id. */
  readonly correlationId: string | null
  /** Of the events. Null: the command's id. Empty: nothing caused them. */
  readonly causationId: string | null
  readonly streams: readonly StreamAppend[]
  readonly conditions: readonly AppendCondition[]
  readonly documents: readonly DocumentWrite[]
  /** Of users, for their own tables: they run when all else of the request is checked and written. */
  readonly statements?: readonly Statement[] | undefined
  /** With it the append is idempotent by `commandId`. */
  readonly command: CommandToLog | null
  /** The generation of the views' versions that it was prepared for; undefined: it doesn't depend on them. */
  readonly viewGeneration?: number | undefined
  /**
   * Epoch milliseconds; of a copy of what another log recorded then. It counts unless an event of the branch was recorded
   * later: recorded times never go backwards. Undefined: the clock.
   */
  readonly recordedAt?: number | undefined
}

export type AppendResult =
  | {
      readonly status: 'appended'
      /** Of the first event; undefined where there was none. */
      readonly position: number | undefined
      /** Epoch milliseconds; one for the whole request. */
      readonly recordedAt: number
      /** Of each stream of the request, in its order, after the append. */
      readonly revisions: readonly number[]
    }
  | { readonly status: 'duplicate' }
  | {
      readonly status: 'conflict'
      readonly stream: string
      readonly expected: ExpectedRevision
      readonly actual: number
    }
  /** `position` is that of an event which the condition excludes. */
  | { readonly status: 'condition-failed'; readonly position: number }
  | { readonly status: 'document-conflict'; readonly collection: string; readonly key: string }
  /** The statement at `index` changed other rows than expected, or met a key that is taken. */
  | { readonly status: 'statement-conflict'; readonly index: number; readonly message: string }
  /** The request was prepared for another generation of the views' versions than this one. */
  | { readonly status: 'views-changed'; readonly generation: number }
  /** The request itself is at fault, such as by a time that is none; the others of the `append` are not. */
  | { readonly status: 'failed'; readonly error: Error }

export type AppendedTogether =
  /** One result per request. */
  | { readonly status: 'appended'; readonly results: readonly Appended[] }
  /** Nothing was recorded, because of the request at `index`. */
  | { readonly status: 'refused'; readonly index: number; readonly result: Refused }

export type Appended = Extract<AppendResult, { status: 'appended' }>
export type Refused = Exclude<AppendResult, { status: 'appended' | 'failed' }>

/** What came of requests that were recorded in one transaction, if that is to stand. @throws the error of one at fault */
export function togetherOf(results: readonly AppendResult[]): AppendedTogether {
  const appended: Appended[] = []
  for (const [index, result] of results.entries()) {
    if (result.status === 'failed') throw result.error
    if (result.status !== 'appended') return { status: 'refused', index, result }
    appended.push(result)
  }
  return { status: 'appended', results: appended }
}

/** What is to be told of an append: nothing where no events were recorded. */
export function newsOf(
  requests: readonly AppendRequest[],
  results: readonly AppendResult[],
): { readonly to: number | undefined } | undefined {
  let isNews = false
  let to: number | undefined
  requests.forEach(({ branch, streams }, index) => {
    const result = results[index]
    if (result?.status !== 'appended' || result.position === undefined) return
    isNews = true
    if (branch !== mainBranch) return
    const count = streams.reduce((sum, { events }) => sum + events.length, 0)
    to = Math.max(to ?? 0, result.position + count - 1)
  })
  return isNews ? { to } : undefined
}

/** An event as stored. */
export interface EventRow extends EventFields {
  readonly data: Encoded
}

export interface LogQuery {
  readonly branch: number
  /** Undefined: of all tenants. */
  readonly tenant: string | undefined
  readonly after: number
  /** Nothing beyond this position is read, as if the log ended there; default: all of it. */
  readonly to?: number
  /** At most so many events. */
  readonly limit: number
  readonly types?: readonly string[]
  readonly query?: EventQuery
}

export interface LogPage {
  readonly events: readonly EventRow[]
  /** Everything up to here was looked at, matches or not. Short of `head` it is beyond `after`, so that reading on ends. */
  readonly scannedTo: number
  /** The last position of the log at that moment. */
  readonly head: number
}

export interface StreamQuery {
  readonly branch: number
  readonly tenant: string
  readonly stream: string
  readonly after: number
  /** A position: the stream as it was when the log ended there; default: as it is. */
  readonly to?: number
  readonly limit: number
}

export interface PositionsQuery {
  readonly branch: number
  /** In ascending order, each once; at most 1,000. */
  readonly positions: readonly number[]
}

export interface StreamPage {
  readonly events: readonly EventRow[]
  /** The stream's last revision at that moment; 0 where it has no events. */
  readonly revision: number
}

export interface StreamsQuery {
  readonly branch: number
  readonly tenant: string
  readonly prefix: string
  /** The last name of the page before. */
  readonly after: string
  /** A position: the streams as they were when the log ended there; default: as they are. */
  readonly to?: number
  readonly limit: number
}

export interface StreamSummary {
  readonly stream: string
  readonly revision: number
}

export interface TenantsQuery {
  readonly branch: number
  /** The last one of the page before; undefined: from the first one on, which is the one without a name. */
  readonly after: string | undefined
  readonly limit: number
}

export interface LogHead {
  /** New after a restore or a failover: what comes then may not be what came before. */
  readonly epoch: string
  /**
   * The epochs from which this one goes on, and the last position that it shares with each. Who stands there or before
   * stands in the history of now. Undefined: none.
   */
  readonly earlier?: ReadonlyMap<string, number>
  /** 0: the log is empty. */
  readonly position: number
  /** Epoch milliseconds of the last event; undefined: the log is empty. */
  readonly recordedAt: number | undefined
}
