/** How values of a series are continued. */
export type ForecastMethod = 'naive' | 'seasonal-naive' | 'drift' | 'trend' | 'holt' | 'holt-winters'

/** A method that has learnt from a series. */
export interface Fitted {
  /** What it has learnt, by the names of the field. */
  readonly parameters: Readonly<Record<string, number>>
  /**
   * What it expects so many periods after the last one, and the standard deviation of what comes from that.
   *
   * @param ahead from 1
   */
  at(ahead: number): { readonly value: number; readonly deviation: number }
  /** Degrees of freedom of the deviations. */
  readonly freedom: number
}

export interface Method {
  readonly name: ForecastMethod
  /** Whether it repeats seasons: it needs their length. */
  readonly isSeasonal: boolean
  /** So many values it needs to learn anything. */
  least(season: number): number
  fit(values: readonly number[], season: number): Fitted
}

/** The standard deviation of errors whose mean is 0, after so many parameters were learnt from them. */
export function deviationOf(errors: readonly number[], learnt: number): number {
  const squares = errors.reduce((sum, error) => sum + error * error, 0)
  return Math.sqrt(squares / Math.max(1, errors.length - learnt))
}
