import type { Change, Envelope } from './wire.ts'

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
  readonly events: readonly EventDifference[]
  readonly streams: readonly StreamDifference[]
  readonly documents: readonly DocumentDifference[]
  /** Commands that one side decided and the other one didn't, or decided otherwise. */
  readonly commands: readonly CommandDifference[]
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
  /** As it stands on that side now; missing: it doesn't. */
  readonly event?: Envelope
  /** Why the past was amended. */
  readonly why?: string
  readonly actor: string | null
}

export interface StreamDifference {
  readonly stream: string
  /** How many events and amendments only that side has. */
  readonly only: Readonly<Record<Side, number>>
  /** Missing: the app defines no aggregate for the stream. */
  readonly states?: { readonly branch?: unknown; readonly against?: unknown }
  /** From the other one's state to the branch's. */
  readonly changes: readonly Change[]
}

export interface DocumentDifference {
  readonly view: string
  readonly key: string
  /** Missing: there is none on that side. */
  readonly branch?: unknown
  readonly against?: unknown
  /** From the other one's document to the branch's. */
  readonly changes: readonly Change[]
}

export interface CommandDifference {
  readonly id: string
  readonly type: string
  readonly payload: unknown
  /** Missing: that side never had it. */
  readonly branch?: CommandSide
  readonly against?: CommandSide
}

/** What became of a command. */
export interface CommandSide {
  readonly status: 'accepted' | 'rejected'
  /** Why it was rejected. */
  readonly reason?: unknown
  readonly events: readonly { readonly type: string; readonly stream: string; readonly data: unknown }[]
}

/** What becomes of a step whose streams the other side has moved: recorded all the same, left out, or decided again. */
export type Resolution = 'mine' | 'theirs' | 'decide'

export interface MergeChoices {
  /** Ids of commands or events: nothing else is merged. Default: all. */
  readonly only?: readonly string[] | undefined
  /** For every conflict, or by stream. Default: none, so that a conflict keeps everything from being merged. */
  readonly resolve?: Resolution | Readonly<Record<string, Resolution>> | undefined
}

/** What merging a branch into what it began on would do. */
export interface MergePlan {
  readonly branch: string
  readonly into: string
  /** In the order in which they would be recorded, all of them or none. */
  readonly steps: readonly MergeStep[]
  /** Commands that would be decided again afterwards. */
  readonly decide: readonly MergeStep[]
  /** What would be left out. */
  readonly left: readonly MergeStep[]
  /** What nobody has decided yet. While there is one, nothing is merged. */
  readonly conflicts: readonly MergeConflict[]
  /** How many steps were merged before. */
  readonly merged: number
}

/** A command with its events, an append, or amendments that were made together. */
export interface MergeStep {
  readonly id: string
  readonly kind: 'append' | 'amend'
  /** The command's type; null: it was a direct append. */
  readonly command: string | null
  readonly streams: readonly string[]
  /** Amendments as events of the type `$amended`. */
  readonly events: readonly Envelope[]
}

export interface MergeConflict {
  readonly stream: string
  /**
   * `amended`: both sides said something about the same event. `moved`: the other side recorded something in the stream.
   * `cut`: a part of a command's own events was omitted on the branch. `decided`: the other side has decided a command of the
   * same id, perhaps rejected it.
   */
  readonly kind: 'moved' | 'amended' | 'cut' | 'decided'
  /** The ids of the branch's steps. */
  readonly steps: readonly string[]
  readonly mine: readonly Envelope[]
  readonly theirs: readonly Envelope[]
  /** What the other side made of commands under the ids of these steps. */
  readonly decided: readonly {
    readonly id: string
    readonly status: 'accepted' | 'rejected'
    readonly reason?: unknown
  }[]
}

/** What a merge did. */
export interface MergeOutcome {
  readonly id: string
  /** Of the last event that it recorded, for `waitFor`. */
  readonly position: number
  readonly steps: readonly string[]
  readonly left: readonly string[]
  /** What became of commands that were decided again. */
  readonly decided: readonly {
    readonly id: string
    readonly status: 'accepted' | 'rejected'
    readonly reason?: unknown
  }[]
}
