/** How values of a series are continued. */
export type ForecastMethod = 'naive' | 'seasonal-naive' | 'drift' | 'trend' | 'holt' | 'holt-winters'

export type Every = 'hour' | 'day' | 'week' | 'month'

/** What is to be continued, and how far. */
export interface ForecastOptions {
  /** The path of a number in the documents. */
  readonly field: string
  /** Of this document. Default: the sum of all. */
  readonly key?: string | undefined
  readonly every: Every
  /** So many periods ahead, from 1 to 1,000. */
  readonly horizon: number
  /** As it is at the end of each period, or by how much it changes in each. Default `value`. */
  readonly measure?: 'value' | 'change' | undefined
  /** Default: the one that did best on the past. */
  readonly method?: ForecastMethod | undefined
  /** Periods after which it repeats itself. */
  readonly season?: number | undefined
  /** The probability of the interval, between 0 and 1. Default 0.9. */
  readonly level?: number | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** The IANA name of the zone whose days these are. Default `UTC`. */
  readonly timeZone?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** A period; times as ISO 8601 text. */
export interface PastValue {
  readonly from: string
  readonly to: string
  readonly value: number
}

export interface FutureValue extends PastValue {
  readonly low: number
  readonly high: number
}

/** How a method did on the past. */
export interface MethodTrial {
  readonly method: ForecastMethod
  readonly meanError: number
  readonly meanErrorShare: number | null
  readonly coverage: number
}

/** How a number in a view's documents is expected to go on, and how far to trust it. */
export interface Forecast {
  readonly view: string
  readonly key: string | null
  readonly field: string
  readonly measure: 'value' | 'change'
  readonly every: Every
  readonly timeZone: string
  readonly past: readonly PastValue[]
  readonly future: readonly FutureValue[]
  readonly level: number
  readonly method: ForecastMethod
  readonly parameters: Readonly<Record<string, number>>
  readonly season: number | null
  readonly trial: MethodTrial & { readonly origins: number; readonly horizon: number }
  readonly tried: readonly MethodTrial[]
}
