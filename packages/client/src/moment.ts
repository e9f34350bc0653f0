/**
 * Where the past is looked at: a position of the log, which is what was recorded up to it, or an instant, which is what had
 * occurred by then.
 */
export type Moment = number | Date

/** As a query parameter. */
export function writtenMoment(moment: Moment | undefined): string | number | undefined {
  return moment instanceof Date ? moment.toISOString() : moment
}
