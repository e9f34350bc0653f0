import { GivenAnswers } from './given-answers.ts'

/** Who does what follows, when, and for whom. */
export interface Setting {
  /** Epoch milliseconds. */
  readonly now: number
  readonly actor: string | null
  readonly tenant: string
  /** What the world outside answers. */
  readonly outside: GivenAnswers
}

/** A moment: a Date, or text that a Date can be made of, such as `2026-11-01` or `2026-11-01T09:30:00Z`. */
export type Moment = Date | string

/** When virtual time begins, unless told otherwise. */
export const beginning = Date.UTC(2026, 0, 1)

export const firstSetting: Setting = { now: beginning, actor: null, tenant: '', outside: new GivenAnswers() }

/** Epoch milliseconds. @throws RangeError for text that is no time */
export function timeOf(moment: Moment): number {
  const time = new Date(moment).getTime()
  if (Number.isNaN(time))
    throw new RangeError(`${JSON.stringify(moment)} is no time; write 2026-11-01T09:30:00Z`)
  return time
}

/** How long: milliseconds, or in larger units, which add up. */
export type Duration =
  | number
  | {
      readonly days?: number
      readonly hours?: number
      readonly minutes?: number
      readonly seconds?: number
      readonly milliseconds?: number
    }

export function millisecondsIn(duration: Duration): number {
  if (typeof duration === 'number') return duration
  const { days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = duration
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds
}
