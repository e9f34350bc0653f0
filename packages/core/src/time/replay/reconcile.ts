import type { EventRow, EventToAppend } from '../../log/port.ts'

/** An event that a command made, then or when it was decided again. */
export interface Made {
  /** As it was recorded; of what was inserted, the amendment. */
  readonly row: EventRow
  /** As it was before anything was said about it; undefined: it was not there at all. */
  readonly original: EventRow | undefined
  /** As it counts; undefined: it doesn't. */
  readonly standing: EventRow | undefined
  /** Somebody has said what it is to be, and that stays. */
  readonly isPinned: boolean
}

/** What is to be said about a command's events, so that they are what it decides. */
export type Correction =
  | { readonly edit: 'omit' | 'restore'; readonly row: EventRow }
  | { readonly edit: 'replace'; readonly row: EventRow; readonly event: EventToAppend }
  | { readonly edit: 'insert'; readonly event: EventToAppend }

/**
 * Compares what stands of a command's events in a stream with what it decides there, one by one.
 *
 * @param isSame whether an event is what was decided
 */
export function reconcile(
  made: readonly Made[],
  decided: readonly EventToAppend[],
  isSame: (row: EventRow, event: EventToAppend) => boolean,
): readonly Correction[] {
  const corrections: Correction[] = []
  for (const [index, { row, original, standing, isPinned }] of made.entries()) {
    if (isPinned) continue
    const event = decided[index]
    if (event === undefined) {
      if (standing !== undefined) corrections.push({ edit: 'omit', row })
    } else if (standing === undefined || !isSame(standing, event)) {
      const isAsBefore = original !== undefined && isSame(original, event)
      corrections.push(isAsBefore ? { edit: 'restore', row } : { edit: 'replace', row, event })
    }
  }
  for (const event of decided.slice(made.length)) corrections.push({ edit: 'insert', event })
  return corrections
}
