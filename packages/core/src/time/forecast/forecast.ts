import type { ForecastMethod } from './methods/method.ts'
import type { Every } from './periods.ts'

export type { ForecastMethod } from './methods/method.ts'
export type { Every } from './periods.ts'

/** What is to be continued, and how far. */
export interface ForecastOptions {
  /** The path to a number in the documents: `revenue`, `stock.pieces`. A document that isn't there counts as 0. */
  readonly field: string
  /** Of this document. Default: the sum of all documents. */
  readonly key?: string | undefined
  readonly every: Every
  /** So many periods ahead, from 1 to 1,000. */
  readonly horizon: number
  /** `value`: as it is at the end of each period. `change`: by how much it changes in each, as with sums. Default `value`. */
  readonly measure?: 'value' | 'change' | undefined
  /** Default: the one that did best on the past. */
  readonly method?: ForecastMethod | undefined
  /** Periods after which it repeats itself. Default: 24 hours, 7 days, 52 weeks, 12 months. */
  readonly season?: number | undefined
  /** With which probability what comes lies between `low` and `high`, if the method is right: between 0 and 1. Default 0.9. */
  readonly level?: number | undefined
  /** The past begins with the period that holds this. Default: with the first event. */
  readonly from?: Date | undefined
  /** The past ends with the last period that is over by then. Default: now. */
  readonly to?: Date | undefined
  /** The IANA name of the zone whose days these are. Default `UTC`. */
  readonly timeZone?: string | undefined
  readonly tenant?: string | undefined
}

/** A period, and what was so in it. */
export interface PastValue {
  readonly from: Date
  /** When the next one begins. */
  readonly to: Date
  readonly value: number
}

/** What is expected of a period. */
export interface FutureValue extends PastValue {
  readonly low: number
  readonly high: number
}

/** How a method did on the past: at some moments of it, it was asked for what came next. */
export interface MethodTrial {
  readonly method: ForecastMethod
  /** How far it was off, on average. */
  readonly meanError: number
  /** The same as a share of what was so; null: some of that was 0. */
  readonly meanErrorShare: number | null
  /** The share of what came that lay between `low` and `high`: close to the level, if its uncertainty can be trusted. */
  readonly coverage: number
}

/** How a number in a view's documents is expected to go on. */
export interface Forecast {
  readonly view: string
  /** Null: the sum of all documents. */
  readonly key: string | null
  readonly field: string
  readonly measure: 'value' | 'change'
  readonly every: Every
  readonly timeZone: string
  readonly past: readonly PastValue[]
  readonly future: readonly FutureValue[]
  readonly level: number
  readonly method: ForecastMethod
  /** What the method has learnt. */
  readonly parameters: Readonly<Record<string, number>>
  /** Null: the method knows no seasons. */
  readonly season: number | null
  readonly trial: MethodTrial & {
    /** At so many moments of the past, */
    readonly origins: number
    /** it was asked for so many periods. */
    readonly horizon: number
  }
  /** All methods that were tried, on the same moments; `naive`, which expects nothing to change, is always among them. */
  readonly tried: readonly MethodTrial[]
}
