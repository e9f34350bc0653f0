import { minimise } from '../search.ts'
import { deviationOf, type Fitted, type Method } from './method.ts'
import { line } from './trend.ts'

/** What exponential smoothing has come to. */
interface State {
  readonly level: number
  readonly slope: number
  /** Of the coming season, in order; one 0 where there are none. */
  readonly seasons: readonly number[]
}

interface Smoothing {
  /** Of the level, the slope and the seasons: how much of an error each takes, from 0 to 1. */
  readonly alpha: number
  readonly beta: number
  readonly gamma: number
}

/** A level and a slope that follow the series (Holt). */
export const holt: Method = {
  name: 'holt',
  isSeasonal: false,
  least: () => 6,
  fit: (values) => {
    const [first = 0, second = 0] = values
    const start = { level: second, slope: second - first, seasons: [0] }
    const rest = values.slice(2)
    const of = ([alpha = 0, beta = 0]: readonly number[]): Smoothing => ({ alpha, beta, gamma: 0 })
    const found = minimise(
      (parameters) => costOf(rest, start, of(parameters)),
      [
        [0.3, 0.1],
        [0.8, 0.1],
        [0.8, 0.8],
      ],
    )
    const smoothing = of(found)
    const { alpha, beta } = smoothing
    return fitted(rest, start, smoothing, { alpha, beta })
  },
}

/** A level, a slope and seasons that are added to them, which all follow the series (Holt and Winters, additive). */
export const holtWinters: Method = {
  name: 'holt-winters',
  isSeasonal: true,
  least: (season) => 2 * season + 3,
  fit: (values, season) => {
    const start = seasonalStart(values, season)
    const rest = values.slice(season)
    const of = ([alpha = 0, beta = 0, gamma = 0]: readonly number[]): Smoothing => ({ alpha, beta, gamma })
    const found = minimise(
      (parameters) => costOf(rest, start, of(parameters)),
      [
        [0.3, 0.1, 0.1],
        [0.1, 0.05, 0.8],
        [0.8, 0.1, 0.5],
      ],
    )
    const smoothing = of(found)
    return fitted(rest, start, smoothing, { ...smoothing })
  },
}

/**
 * The beginning that R's `HoltWinters` uses: the trend of the first two seasons by moving averages and a line through them,
 * and the seasons as what the values differ from that on average.
 */
function seasonalStart(values: readonly number[], season: number): State {
  const two = values.slice(0, 2 * season)
  const half = Math.floor(season / 2)
  const averages: number[] = []
  for (let place = half; place + half < two.length; place += 1) {
    const window = two.slice(place - half, place + half + 1)
    const ends = season % 2 === 0 ? ((window[0] ?? 0) + (window.at(-1) ?? 0)) / 2 : 0
    averages.push((sum(window) - ends) / season)
  }
  const { intercept, slope } = line(averages)
  const figures = Array.from({ length: season }, (_, index) => {
    const own = [index, index + season].filter((place) => averages[place - half] !== undefined)
    return (
      sum(own.map((place) => (two[place] ?? 0) - (averages[place - half] ?? 0))) / Math.max(1, own.length)
    )
  })
  const mean = sum(figures) / season
  // The line counts its averages from 1.
  return { level: intercept - slope, slope, seasons: figures.map((figure) => figure - mean) }
}

/** Goes along the values with what each was expected to be. */
function smooth(
  values: readonly number[],
  start: State,
  by: Smoothing,
  onError: (error: number) => void,
): State {
  const { alpha, beta, gamma } = by
  const seasons = [...start.seasons]
  let { level, slope } = start
  for (const [index, value] of values.entries()) {
    const place = index % seasons.length
    const error = value - (level + slope + (seasons[place] ?? 0))
    onError(error)
    level += slope + alpha * error
    slope += alpha * beta * error
    seasons[place] = (seasons[place] ?? 0) + gamma * (1 - alpha) * error
  }
  const next = values.length % seasons.length
  return { level, slope, seasons: [...seasons.slice(next), ...seasons.slice(0, next)] }
}

function costOf(values: readonly number[], start: State, by: Smoothing): number {
  let squares = 0
  smooth(values, start, by, (error) => {
    squares += error * error
  })
  return squares
}

function fitted(
  values: readonly number[],
  start: State,
  by: Smoothing,
  parameters: Readonly<Record<string, number>>,
): Fitted {
  const errors: number[] = []
  const { level, slope, seasons } = smooth(values, start, by, (error) => errors.push(error))
  const learnt = Object.keys(parameters).length
  const deviation = deviationOf(errors, learnt)
  return {
    parameters: { ...parameters, level, slope },
    freedom: Math.max(1, errors.length - learnt),
    at: (ahead) => ({
      value: level + ahead * slope + (seasons[(ahead - 1) % seasons.length] ?? 0),
      deviation: deviation * Math.sqrt(spreadOf(ahead, by, seasons.length)),
    }),
  }
}

/**
 * How many times the variance of one step that of more steps is: of the additive models in Hyndman, Koehler, Ord and Snyder,
 * Forecasting with Exponential Smoothing (2008), table 6.2.
 */
function spreadOf(ahead: number, { alpha, beta: share, gamma: seasonal }: Smoothing, season: number): number {
  const beta = alpha * share
  const gamma = seasonal * (1 - alpha)
  const levels = alpha * alpha + alpha * beta * ahead + (beta * beta * ahead * (2 * ahead - 1)) / 6
  const rounds = season === 1 ? 0 : Math.floor((ahead - 1) / season)
  const seasons = gamma * rounds * (2 * alpha + gamma + beta * season * (rounds + 1))
  return 1 + (ahead - 1) * levels + seasons
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
