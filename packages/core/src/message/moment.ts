import type { EventFields } from './recorded.ts'

/**
 * Where the past is looked at.
 * - A number is a position of the log: all that was recorded up to it, which is what was known then.
 * - A date is an instant: all that had occurred by then, as far as it is known today.
 */
export type Moment = number | Date

/** Whether what is recorded of an event belongs to the past as of a moment. */
export function isBy(moment: Moment, fields: Pick<EventFields, 'position' | 'occurredAt'>): boolean {
  return typeof moment === 'number' ? fields.position <= moment : fields.occurredAt <= moment.getTime()
}

/** As in “as of position 17”. */
export function describeMoment(moment: Moment): string {
  return typeof moment === 'number' ? `position ${moment}` : moment.toISOString()
}
