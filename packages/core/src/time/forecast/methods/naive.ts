import { deviationOf, type Method } from './method.ts'

/** It stays as it was last: the yardstick for all others. */
export const naive: Method = {
  name: 'naive',
  isSeasonal: false,
  least: () => 3,
  fit: (values) => {
    const errors = differences(values, 1)
    const deviation = deviationOf(errors, 0)
    const last = values.at(-1) ?? 0
    return {
      parameters: {},
      freedom: errors.length,
      at: (ahead) => ({ value: last, deviation: deviation * Math.sqrt(ahead) }),
    }
  },
}

/** It is as it was a season ago. */
export const seasonalNaive: Method = {
  name: 'seasonal-naive',
  isSeasonal: true,
  least: (season) => season + 3,
  fit: (values, season) => {
    const errors = differences(values, season)
    const deviation = deviationOf(errors, 0)
    const last = values.slice(-season)
    return {
      parameters: {},
      freedom: errors.length,
      at: (ahead) => ({
        value: last[(ahead - 1) % season] ?? 0,
        deviation: deviation * Math.sqrt(Math.ceil(ahead / season)),
      }),
    }
  },
}

/** It goes on as it went from the first to the last, on average. */
export const drift: Method = {
  name: 'drift',
  isSeasonal: false,
  least: () => 4,
  fit: (values) => {
    const steps = differences(values, 1)
    const slope = steps.reduce((sum, step) => sum + step, 0) / steps.length
    const errors = steps.map((step) => step - slope)
    const deviation = deviationOf(errors, 1)
    const last = values.at(-1) ?? 0
    return {
      parameters: { slope },
      freedom: errors.length - 1,
      at: (ahead) => ({
        value: last + ahead * slope,
        deviation: deviation * Math.sqrt(ahead * (1 + ahead / steps.length)),
      }),
    }
  },
}

function differences(values: readonly number[], apart: number): readonly number[] {
  return values.slice(apart).map((value, index) => value - (values[index] ?? 0))
}
