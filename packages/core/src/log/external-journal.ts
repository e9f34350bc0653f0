import type { Encoded } from '../message/codec.ts'

/**
 * What was asked of the outside, and what it answered: a row for each call, under a key that a replay finds again. What is
 * answered stays answered, whoever calls again; anything else is replaced by what comes later.
 *
 * A SQL store needs one table with a unique index on the key, another one by (branch, tenant, external, hash, settled at)
 * for the last answer to a request, and one by (branch, external, sequence) for lists. A sequence is never given twice, also
 * when the last row was deleted.
 */
export interface ExternalJournal {
  /** Notes that a call is about to be made; gives it as it stands, if it was noted before. */
  intend(call: CallIntent): Promise<JournaledCall>
  /** Notes what came of a call, whether it was intended here or not; gives it as it stands then. */
  settle(call: CallIntent, settlement: CallSettlement): Promise<JournaledCall>
  find(key: CallKey): Promise<JournaledCall | undefined>
  /** The last answer to a request at a time, whoever asked. */
  latest(query: LatestCall): Promise<JournaledCall | undefined>
  /** The last first. */
  list(query: CallsQuery): Promise<readonly ListedCall[]>
  /** Calls in full, in the order of their sequences. */
  read(query: CallsPage): Promise<readonly JournaledCall[]>
  /**
   * Takes over calls as another journal has them, times included, in this order; a call that is there already stays as it
   * is. Their sequences are given anew. Gives how many were not there.
   */
  keep(calls: readonly JournaledCall[]): Promise<number>
  /** Forgets some of the oldest calls that were intended before a time; gives how many. */
  prune(which: CallsToPrune): Promise<number>
}

/** On whose behalf the outside is called. */
export interface Caller {
  readonly kind: 'command' | 'reaction' | 'query'
  /** The type of the command or the query, or the name of what reacts. */
  readonly name: string
  /** Of the command, of the event that is reacted to, or of this one asking of a query. */
  readonly id: string
  /** Another one where an event is deliberately handled again; usually empty. */
  readonly series: string
}

export interface CallKey {
  readonly branch: number
  readonly tenant: string
  readonly caller: Caller
  readonly external: string
  /** Of the request. */
  readonly hash: string
  /** The n-th call of this caller with this request. */
  readonly number: number
}

export interface CallIntent extends CallKey {
  readonly request: Encoded
}

export type CallStatus = 'intended' | 'answered' | 'failed' | 'blocked'

export interface CallSettlement {
  readonly status: Exclude<CallStatus, 'intended'>
  /** Null: there is none. */
  readonly answer: Encoded | null
  /** Of a failure: its code and message, as JSON. */
  readonly error: string | null
  /** How many attempts it took; they are added to those before. */
  readonly attempts: number
}

export interface JournaledCall extends CallIntent, Omit<CallSettlement, 'status'> {
  /** Its place in the journal. */
  readonly sequence: number
  readonly status: CallStatus
  /** Epoch milliseconds, by the store's clock. */
  readonly intendedAt: number
  /** Null: nothing has come of it yet. */
  readonly settledAt: number | null
}

/** A call in a list: what is long is left out. */
export interface ListedCall extends Omit<JournaledCall, 'request'> {
  readonly request: Encoded | null
  /** Characters or bytes. */
  readonly requestSize: number
  readonly answerSize: number
}

export interface LatestCall {
  readonly branch: number
  readonly tenant: string
  readonly external: string
  readonly hash: string
  /** Epoch milliseconds, included. */
  readonly at: number
}

export interface CallsQuery {
  readonly branch: number
  /** Undefined: of all tenants. */
  readonly tenant: string | undefined
  readonly external?: string
  readonly status?: CallStatus
  /** Of the caller. */
  readonly callerId?: string
  /** Only this one. */
  readonly sequence?: number
  /** Only those whose sequence is lower. */
  readonly before?: number
  readonly limit: number
  /** Requests and answers that are longer are left out: characters or bytes. */
  readonly longest: number
}

export interface CallsPage {
  readonly branch: number
  /** The last sequence of the page before; 0: from the first one on. */
  readonly after: number
  readonly limit: number
}

export interface CallsToPrune {
  readonly branch: number
  /** Undefined: of all, as when a branch is dropped. */
  readonly external?: string
  /** Epoch milliseconds, excluded. */
  readonly before: number
  readonly limit: number
}
