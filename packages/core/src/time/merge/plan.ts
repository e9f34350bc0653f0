import type { RecordedEvent } from '../../message/recorded.ts'

/**
 * What is to become of a step that touches a stream which the other side has moved meanwhile: it is recorded all the same,
 * left out, or, where it is a command, decided again on what is there now.
 */
export type Resolution = 'mine' | 'theirs' | 'decide'

export interface MergeChoices {
  /** Of commands, appends and amendments by their ids, or the ids of their events: nothing else is merged. Default: all. */
  readonly only?: readonly string[]
  /** For every conflict, or by stream. Default: none, so that a conflict keeps everything from being merged. */
  readonly resolve?: Resolution | Readonly<Record<string, Resolution>>
}

export interface MergeOptions extends MergeChoices {
  /** Kept with the merge. */
  readonly why: string
  readonly actor?: string | null
  /** Makes it idempotent, as a command's id does. */
  readonly id?: string
}

/** What merging a branch into what it began on would do; nothing is recorded by it. */
export interface MergePlan {
  readonly branch: string
  readonly into: string
  /** In the order in which they would be recorded, all of them or none. */
  readonly steps: readonly MergeStep[]
  /** Commands that would be decided again afterwards. */
  readonly decide: readonly MergeStep[]
  /** What would be left out because the other side is to have its way. */
  readonly left: readonly MergeStep[]
  /** What nobody has decided yet. While there is one, nothing is merged. */
  readonly conflicts: readonly MergeConflict[]
  /** How many steps were merged before. */
  readonly merged: number
}

/** A command with its events, an append, or amendments that were made together. */
export interface MergeStep {
  /** Of the command or append; its events keep their ids. */
  readonly id: string
  /** `amend`: it says something about the past. */
  readonly kind: 'append' | 'amend'
  /** The command's type; null: it was a direct append. */
  readonly command: string | null
  readonly streams: readonly string[]
  /** As they are recorded, amendments as events of the type `$amended`. */
  readonly events: readonly RecordedEvent[]
}

export interface MergeConflict {
  readonly stream: string
  /**
   * `amended`: both sides said something about the same event. `moved`: the other side recorded something in the stream.
   * `cut`: a part of a command's own events was omitted on the branch, and can't be taken without the rest.
   * `decided`: the other side has decided a command of the same id by itself, perhaps rejected it. An id has one outcome, so
   * the branch's can't be recorded there.
   */
  readonly kind: 'moved' | 'amended' | 'cut' | 'decided'
  /** The ids of the branch's steps. */
  readonly steps: readonly string[]
  readonly mine: readonly RecordedEvent[]
  /** What the other side recorded there since the branch began, up to 100. */
  readonly theirs: readonly RecordedEvent[]
  /** What the other side made of commands under the ids of these steps. */
  readonly decided: readonly DecidedThere[]
}

/** What became of a command on the side that a branch is merged into. */
export interface DecidedThere {
  readonly id: string
  readonly status: 'accepted' | 'rejected'
  /** Why it was rejected; undefined: it was not. */
  readonly reason?: unknown
}

/** What a merge did. */
export interface MergeOutcome {
  readonly id: string
  /** Of the last event that it recorded: who waits for it sees all of them. */
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
