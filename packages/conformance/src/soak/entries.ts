import type { EventQuery, ExpectedRevision } from '@headwater/core'

/**
 * What processes of a soak write down: what they asked for before they asked, what they were answered, and what they saw.
 * An answer follows what it answers under the same `turn`; where there is none, the process was killed in between.
 */
export type Entry = { readonly at: number } & EntryBody

/** `at` is in microseconds of the machine's monotonic clock: one order for all processes on it. */
export type EntryBody =
  | { readonly kind: 'began'; readonly life: string; readonly process: number; readonly shift: number }
  | CommandAsked
  | ({ readonly kind: 'outcome'; readonly turn: string; readonly answer: CommandAnswer } & Named)
  | AppendAsked
  | Appended
  | { readonly kind: 'reading'; readonly turn: string; readonly what: string; readonly of?: string }
  | PageRead
  | StreamRead
  | StateRead
  | BookingsRead
  | DocumentRead
  | ({ readonly kind: 'live'; readonly session: string; readonly after: number } & Filtered)
  | { readonly kind: 'heard'; readonly session: string; readonly seen: readonly Seen[] }
  | { readonly kind: 'left'; readonly session: string }
  | Handling
  | Lease
  | Commit
  | { readonly kind: 'committed'; readonly turn: string }
  | Stood
  | { readonly kind: 'forgetting'; readonly processor: string }
  | { readonly kind: 'operated'; readonly act: string; readonly processor: string; readonly code?: string }
  | {
      readonly kind: 'failed'
      readonly where: string
      readonly code: string | null
      readonly message: string
    }
  | { readonly kind: 'stuck'; readonly what: string }
  | ({
      readonly kind: 'document'
      readonly view: string
      readonly tenant: string
      readonly key: string
    } & Shown)
  | { readonly kind: 'settled' }

/** A position, or a revision, and a digest of the event that was seen there. */
export type Seen = readonly [number: number, digest: string]

interface Named {
  readonly tenant: string
  /** Of the command or the append. */
  readonly id: string
}

export interface CommandAsked extends Named {
  readonly kind: 'command'
  readonly turn: string
  readonly type: string
  readonly stream: string
  readonly amount: number
  readonly expected?: number
}

export type CommandAnswer =
  | {
      readonly status: 'accepted' | 'rejected'
      readonly stream: string
      readonly revision: number
      readonly events: readonly (readonly [type: string, revision: number, position: number])[]
      /** What a rejection says that it is because of. */
      readonly balance?: number
    }
  | Failed

export interface AppendAsked extends Named {
  readonly kind: 'append'
  readonly turn: string
  readonly parts: readonly {
    readonly stream: string
    readonly expected: ExpectedRevision
    readonly events: number
  }[]
  readonly condition?: { readonly show: string; readonly query: EventQuery; readonly after: number }
  /** The command log has it: repeated, it has no second effect. */
  readonly isLogged: boolean
}

export interface Appended extends Named {
  readonly kind: 'appended'
  readonly turn: string
  readonly answer: AppendAnswer
  /** Of the question: what the answer's revisions are about. */
  readonly streams: readonly string[]
  /** The boundary whose condition was to hold. */
  readonly show?: string
}

export type AppendAnswer =
  | {
      readonly status: 'appended'
      readonly position: number
      readonly revisions: readonly number[]
    }
  | {
      readonly status: 'conflict'
      readonly stream: string
      readonly expected: ExpectedRevision
      readonly actual: number
    }
  | { readonly status: 'condition-failed'; readonly position: number }
  | Failed

export interface Failed {
  readonly status: 'failed'
  readonly code: string
}

interface Filtered {
  /** Undefined: all. */
  readonly types?: readonly string[]
  readonly tenant?: string
}

export interface PageRead extends Filtered {
  readonly kind: 'page'
  readonly turn: string
  readonly after: number
  readonly limit: number
  readonly scannedTo: number
  readonly head: number
  readonly seen: readonly Seen[]
}

export interface StreamRead {
  readonly kind: 'stream'
  readonly turn: string
  readonly tenant: string
  readonly stream: string
  readonly after: number
  readonly limit: number
  readonly revision: number
  readonly seen: readonly Seen[]
}

export interface StateRead {
  readonly kind: 'state'
  readonly turn: string
  readonly tenant: string
  readonly stream: string
  readonly revision: number
  readonly balance: number
}

export interface BookingsRead {
  readonly kind: 'bookings'
  readonly turn: string
  readonly tenant: string
  readonly show: string
  readonly query: EventQuery
  readonly after: number
  readonly scannedTo: number
  readonly positions: readonly number[]
}

export interface Shown {
  /** Null: there was none. */
  readonly document: SumDocument | null
  readonly position: number
}

export interface DocumentRead extends Shown {
  readonly kind: 'read'
  readonly turn: string
  readonly view: string
  readonly tenant: string
  readonly key: string
  /** What the reader waited for; 0: for nothing. */
  readonly waitFor: number
}

/** What the views of a soak keep: enough to tell which events were folded, how often, and in which order. */
export interface SumDocument {
  readonly count: number
  readonly sum: number
  readonly chain: number
}

export interface Handling {
  readonly kind: 'handling' | 'handled'
  readonly subscription: string
  readonly tenant: string
  readonly sequence: string
  readonly position: number
  readonly idempotencyKey: string
}

export interface Lease {
  readonly kind: 'lease'
  readonly name: string
  readonly owner: string
  readonly token: number
}

export interface Commit {
  readonly kind: 'committing'
  readonly turn: string
  readonly processor: string
  readonly lease: string
  readonly token: number
  /** `first-last/generation`. */
  readonly partition: string
  /** Null: it stays where it is. */
  readonly position: number | null
}

/** Where a processor's partitions were seen to stand by somebody who asked at `since`. */
export interface Stood {
  readonly kind: 'stood'
  readonly since: number
  readonly processor: string
  /** Each as a commit names it. */
  readonly partitions: readonly (readonly [partition: string, position: number])[]
}
