/** What the gateway sends of externals, as it is on the wire. */

/** On whose behalf the outside was called. */
export interface ExternalCaller {
  readonly kind: 'command' | 'reaction' | 'query'
  /** Of the type of the command or query, or of the subscription. */
  readonly name: string
  /** Of the command, of the event that is reacted to, or of the asking. */
  readonly id: string
  /** Not empty where an event is deliberately handled again. */
  readonly series: string
}

/** What is called in the world outside, and what this server's process made of it. */
export interface ExternalSummary {
  readonly name: string
  readonly description: string | null
  readonly mode: 'live' | 'recorded' | 'replayed' | 'blocked'
  /** Milliseconds. */
  readonly timeLimit: number
  readonly retries: number
  /** Milliseconds; null: for good. */
  readonly keepFor: number | null
  readonly counts: {
    readonly answered: number
    readonly failed: number
    /** Answered by the journal. */
    readonly replayed: number
    readonly blocked: number
    readonly attempts: number
    readonly underway: number
    readonly milliseconds: number
  }
}

/** A call that was not made. */
export interface BlockedCall {
  /** Only where those of all tenants are read. */
  readonly tenant?: string
  readonly external: string
  readonly caller: ExternalCaller
  readonly why: string
  readonly at: string
}

export interface ExternalList {
  readonly externals: readonly ExternalSummary[]
  /** Up to 100 of this server's process, the last first. */
  readonly blocked: readonly BlockedCall[]
}

/** A call to the outside, as it stands in the journal. */
export interface ExternalCall {
  /** Only where calls of all tenants are read. */
  readonly tenant?: string
  /** Its place in the journal. */
  readonly sequence: number
  readonly external: string
  readonly caller: ExternalCaller
  /** The n-th call of its caller with this request. */
  readonly number: number
  readonly status: 'intended' | 'answered' | 'failed' | 'blocked'
  /** Not there in a list, where it is long; so with the answer. */
  readonly request?: unknown
  readonly answer?: unknown
  /** Characters or bytes of what is journaled. */
  readonly requestSize: number
  readonly answerSize: number
  readonly error: { readonly code: string; readonly message: string } | null
  readonly attempts: number
  /** What was sent along. */
  readonly idempotencyKey: string
  readonly intendedAt: string
  readonly settledAt: string | null
}
