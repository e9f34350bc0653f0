import { instantOf } from '../../decide/rule-dates.ts'

/** How long a period is. Weeks begin on Monday. */
export type Every = 'hour' | 'day' | 'week' | 'month'

export const usualSeasons: Readonly<Record<Every, number>> = { hour: 24, day: 7, week: 52, month: 12 }

const hour = 3_600_000
const day = 24 * hour
/** The first of January 1970 was a Thursday: the week that holds it began so many days before. */
const daysToMonday = 3

/** The hours, days, weeks or months of a time zone's calendar, numbered in a row. */
export class Periods {
  readonly #every: Every
  readonly #timeZone: string
  readonly #starts = new Map<number, number>()
  /** The one that was asked for last, as the next one asked for often is the same. */
  #last = { index: 0, from: 0, to: 0 }

  constructor(every: Every, timeZone: string) {
    this.#every = every
    this.#timeZone = timeZone
  }

  /** The number of the period that holds a time, epoch milliseconds. */
  indexOf(time: number): number {
    if (time >= this.#last.from && time < this.#last.to) return this.#last.index
    let index = this.#guess(time)
    while (time < this.startOf(index)) index -= 1
    while (time >= this.startOf(index + 1)) index += 1
    this.#last = { index, from: this.startOf(index), to: this.startOf(index + 1) }
    return index
  }

  /** When a period begins, epoch milliseconds. */
  startOf(index: number): number {
    if (this.#every === 'hour') return index * hour
    let start = this.#starts.get(index)
    if (start === undefined) this.#starts.set(index, (start = this.#begin(index)))
    return start
  }

  #guess(time: number): number {
    if (this.#every === 'hour') return Math.floor(time / hour)
    const days = Math.floor(time / day)
    if (this.#every === 'day') return days
    if (this.#every === 'week') return Math.floor((days + daysToMonday) / 7)
    const date = new Date(time)
    return date.getUTCFullYear() * 12 + date.getUTCMonth()
  }

  #begin(index: number): number {
    const midnight =
      this.#every === 'month'
        ? Date.UTC(Math.floor(index / 12), index % 12)
        : (this.#every === 'week' ? index * 7 - daysToMonday : index) * day
    const date = new Date(midnight).toISOString().slice(0, 10)
    return instantOf(date, this.#timeZone) ?? midnight
  }
}
