import type { Reason } from '../../decide/reject.ts'

/**
 * - `facts`: what was recorded counts, as amendments have made it. That is how a branch is read anyway.
 * - `decisions`: commands whose decision went by something that was amended are decided again, as of then.
 */
export type ReplayMode = 'facts' | 'decisions'

export interface ReplayOptions {
  readonly mode: ReplayMode
  /** A position: commands are looked at from there on. Default: from the earliest amendment on. */
  readonly from?: number
  /** Every command from there on is decided again, not only those that read what was amended: for code that decides otherwise. */
  readonly all?: boolean
  /** Aborted, it ends behind the command that it is at; what is done stays, and replaying again goes on from there. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ReplayProgress) => void
}

export interface ReplayProgress {
  /** Up to here in the log, of so many positions. */
  readonly position: number
  readonly of: number
  readonly looked: number
  readonly decided: number
  readonly changed: number
}

/** What a replay did. */
export interface ReplayReport {
  readonly mode: ReplayMode
  readonly branch: string
  /** The last position of the branch: states and views show what is recorded up to there. */
  readonly position: number
  /** Views that show it. */
  readonly views: readonly string[]
  /** Views that are not there on a branch, and why. */
  readonly notFollowed: readonly { readonly view: string; readonly why: string }[]
  /** Null: nothing is decided again by `facts`. */
  readonly decisions: ReplayedDecisions | null
}

export interface ReplayedDecisions {
  /** Where it began; null: there was nothing to begin with. */
  readonly from: number | null
  readonly commands: {
    readonly looked: number
    /** Decided again. */
    readonly decided: number
    /** Came to something else than was known before. */
    readonly changed: number
  }
  /** What was said about events. */
  readonly events: {
    readonly omitted: number
    readonly replaced: number
    readonly inserted: number
    readonly restored: number
  }
  /** What commands came to otherwise, in the order of their decisions; the first 1,000. */
  readonly outcomes: readonly ChangedOutcome[]
  /** Commands that could not be decided again and are left as they were; the first 100. */
  readonly undecided: readonly Undecided[]
  /** What events that are others now would have led to, were their subscriptions pure; the first 100. */
  readonly heldBack: readonly HeldBackReaction[]
  readonly counts: { readonly outcomes: number; readonly undecided: number; readonly heldBack: number }
}

/** What became of a command: decided, or never sent as what caused it did not happen. */
export type ReplayedStatus = 'accepted' | 'rejected' | 'dropped'

export interface ReplayedOutcome {
  readonly status: ReplayedStatus
  readonly reason: Reason | null
}

export interface ChangedOutcome {
  readonly id: string
  readonly type: string
  readonly stream: string | null
  /** Null: it was never sent before. */
  readonly before: ReplayedOutcome | null
  readonly after: ReplayedOutcome
  readonly because: ReplayCause
}

/** What of a command's read set was another one, or what became of what caused it. */
export type ReplayCause =
  | { readonly kind: 'state'; readonly stream: string }
  | { readonly kind: 'rule'; readonly rule: string }
  | { readonly kind: 'event'; readonly event: string }
  /** What it read is again what it was. */
  | { readonly kind: 'clean' }
  /** All commands were to be decided again. */
  | { readonly kind: 'asked' }

export interface Undecided {
  readonly id: string
  readonly type: string
  /**
   * `external.blocked`: the journal has no answer to what it asks now. Others as in the reference of errors, or
   * `subscription.failed`: then the id is that of the event.
   */
  readonly code: string
  readonly message: string
}

export interface HeldBackReaction {
  readonly subscription: string
  readonly event: string
  readonly type: string
}

/** What is said with each amendment that a decision has come to. */
export function whyOf({ status, reason }: ReplayedOutcome): string {
  if (status === 'dropped') return 'decided again: what caused it does not count'
  return reason === null ? 'decided again' : `decided again: rejected, ${reason.code}`
}

export const mostOutcomes = 1_000
export const mostListed = 100

/** Gathers a report; its lists end early, its counts don't. */
export class Tally {
  readonly commands = { looked: 0, decided: 0, changed: 0 }
  readonly events = { omitted: 0, replaced: 0, inserted: 0, restored: 0 }
  readonly #outcomes: ChangedOutcome[] = []
  readonly #undecided: Undecided[] = []
  readonly #heldBack: HeldBackReaction[] = []
  readonly #counts = { outcomes: 0, undecided: 0, heldBack: 0 }

  changed(outcome: ChangedOutcome): void {
    this.#counts.outcomes += 1
    if (this.#outcomes.length < mostOutcomes) this.#outcomes.push(outcome)
  }

  left(undecided: Undecided): void {
    this.#counts.undecided += 1
    if (this.#undecided.length < mostListed) this.#undecided.push(undecided)
  }

  heldBack(heldBack: HeldBackReaction): void {
    this.#counts.heldBack += 1
    if (this.#heldBack.length < mostListed) this.#heldBack.push(heldBack)
  }

  report(from: number | null): ReplayedDecisions {
    return {
      from,
      commands: this.commands,
      events: this.events,
      outcomes: this.#outcomes,
      undecided: this.#undecided,
      heldBack: this.#heldBack,
      counts: this.#counts,
    }
  }
}
