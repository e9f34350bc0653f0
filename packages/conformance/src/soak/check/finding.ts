/**
 * What a checker can find.
 *
 * - `lost`: it was acknowledged and is not there. `dirty`: it was refused, or never asked for, and is there or was seen.
 * - `duplicated`, `reordered`, `skipped`, `altered`: a reader, or the log, has an event twice, in another order, not at all,
 *   or other than the log has it. `torn`: a part of an append is there.
 * - `position-gap`, `revision-gap`, `time-backwards`: the log is not dense, or its recorded times are not in order.
 * - `stale-decision`: a command was decided on a state that was not the stream's. `wrong-rejection`: on that state it should
 *   not have been rejected. `two-winners`: of those who expected one revision more than one was recorded.
 *   `expected-revision`, `condition`: an append is there whose expectation or condition did not hold, or was refused though
 *   it held. `other-answer`: a repeat got another answer than the first one.
 * - `stale-read`: a read did not show what was acknowledged before it began.
 * - `wrong-document`: a view is not the fold of the log. `unhandled`, `out-of-order`: an event that a handler did not get, or
 *   got before the one before it. `repeated-effect`: a command that a handler sends had more than one effect.
 * - `late-write`: somebody wrote after another one got the lease. `checkpoint-backwards`: a checkpoint went back by itself.
 * - `stuck`: something did not come to its end. `failed`: an error that may not be. `crashed`: a process ended by itself.
 */
export const findingKinds = [
  'lost',
  'dirty',
  'duplicated',
  'reordered',
  'skipped',
  'altered',
  'torn',
  'position-gap',
  'revision-gap',
  'time-backwards',
  'stale-decision',
  'wrong-rejection',
  'two-winners',
  'expected-revision',
  'condition',
  'other-answer',
  'stale-read',
  'wrong-document',
  'unhandled',
  'out-of-order',
  'repeated-effect',
  'late-write',
  'checkpoint-backwards',
  'stuck',
  'failed',
  'crashed',
] as const
export type FindingKind = (typeof findingKinds)[number]

/** A violation, with the history around it. */
export interface Finding {
  readonly kind: FindingKind
  readonly message: string
  /** What was written down about the same thing, and what the log has there. */
  readonly history: readonly string[]
}

/** Of each kind so many are told in full; all are counted. */
const mostOfAKind = 20
const longestHistory = 40

/** Gathers what checkers find. */
export class Findings {
  readonly told: (Finding & { readonly position: number | undefined })[] = []
  readonly counts = new Map<FindingKind, number>()

  /**
   * @param around what was written down about the same thing
   * @param position where the log is to be shown beside it
   */
  tell(kind: FindingKind, message: string, around: readonly unknown[] = [], position?: number): void {
    const count = (this.counts.get(kind) ?? 0) + 1
    this.counts.set(kind, count)
    if (count > mostOfAKind) return
    const history = around.slice(0, longestHistory).map((item) => JSON.stringify(item).slice(0, 1_000))
    this.told.push({ kind, message, history, position })
  }
}

/** The items that stand around one of them. */
export function around<Item>(items: readonly Item[], item: Item | undefined, distance = 6): readonly Item[] {
  const index = item === undefined ? items.length : items.indexOf(item)
  return items.slice(Math.max(0, index - distance), index + distance + 1)
}
