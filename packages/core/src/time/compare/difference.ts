import type { RecordedEvent } from '../../message/recorded.ts'
import type { Change } from '../../view/changes.ts'

/** Which of two histories something is in. */
export type Side = 'branch' | 'against'

/** What differs between a branch and another history of the same log. */
export interface BranchDifference {
  readonly branch: string
  /** The name of the other one. */
  readonly against: string
  /** Up to this position they are one. */
  readonly common: number
  /** False: there is more than was compared, and the lists end early. */
  readonly isWhole: boolean
  /** In the order of positions, first those of the branch. */
  readonly events: readonly EventDifference[]
  /** Streams whose state, or whose events, differ. */
  readonly streams: readonly StreamDifference[]
  /** Of all views, or of those that were asked for, in the order of their names and keys. */
  readonly documents: readonly DocumentDifference[]
  /** Commands that one side decided and the other one didn't, or decided otherwise. */
  readonly commands: readonly CommandDifference[]
  /** Views that can't be compared, and why. */
  readonly notCompared: readonly { readonly view: string; readonly why: string }[]
}

/** An event, or what was said about one, that only one side has. */
export interface EventDifference {
  readonly side: Side
  readonly kind: 'recorded' | 'omitted' | 'replaced' | 'inserted' | 'restored'
  /** Of the event that it is about; null: the beginning of the stream. */
  readonly id: string | null
  readonly stream: string
  readonly position: number
  /** As it stands on that side now; undefined: it doesn't. */
  readonly event: RecordedEvent | undefined
  /** Why the past was amended. */
  readonly why: string | undefined
  readonly actor: string | null
}

export interface StreamDifference {
  readonly stream: string
  /** How many events and amendments only that side has. */
  readonly only: Readonly<Record<Side, number>>
  /** The state of the aggregate; undefined: the stream belongs to none that the app defines. */
  readonly states: Readonly<Record<Side, unknown>> | undefined
  /** From the other one's state to the branch's. */
  readonly changes: readonly Change[]
}

export interface DocumentDifference {
  readonly view: string
  readonly key: string
  /** Undefined: there is none on that side. */
  readonly branch: unknown
  readonly against: unknown
  /** From the other one's document to the branch's. */
  readonly changes: readonly Change[]
}

export interface CommandDifference {
  readonly id: string
  readonly type: string
  readonly payload: unknown
  /** Undefined: that side never had it. */
  readonly branch: CommandSide | undefined
  readonly against: CommandSide | undefined
}

/** What became of a command. */
export interface CommandSide {
  readonly status: 'accepted' | 'rejected'
  /** Why it was rejected. */
  readonly reason: unknown
  readonly events: readonly { readonly type: string; readonly stream: string; readonly data: unknown }[]
}

export interface CompareOptions {
  /** The other one: a branch of the same tenant, or `main`. Default: what the branch began on. */
  readonly against?: string
  /** The views whose documents are compared. Default: all. */
  readonly views?: readonly string[]
  /** So many events and amendments of each side are compared at most. Default 10,000. */
  readonly limit?: number
}
