import { turn } from '../../process/turns.ts'
import { studentQuantile } from './distribution.ts'
import type { MethodTrial } from './forecast.ts'
import type { Fitted, Method } from './methods/method.ts'

/** At so many moments of the past the methods are asked at most, and at so many at least. */
const mostOrigins = 20
export const leastOrigins = 5
/** A method learns from so many values at most, the last ones: what it would take longer blocks everybody else. */
const mostLearnt = 400

/** What a method expects, with its interval. */
export interface Expected {
  readonly value: number
  readonly low: number
  readonly high: number
}

export function fit(method: Method, values: readonly number[], season: number): Fitted {
  return method.fit(values.slice(-mostLearnt), season)
}

/** @param level with which probability what comes lies between low and high */
export function expected(fitted: Fitted, horizon: number, level: number): readonly Expected[] {
  const wide = studentQuantile((1 + level) / 2, fitted.freedom)
  return Array.from({ length: horizon }, (_, index) => {
    const { value, deviation } = fitted.at(index + 1)
    return { value, low: value - wide * deviation, high: value + wide * deviation }
  })
}

/** How many moments of the past methods that need so many values can be asked at, with so many periods behind each. */
function originsOf(count: number, least: number, horizon: number): readonly number[] {
  const first = least
  const last = count - horizon
  const step = Math.max(1, Math.ceil((last - first + 1) / mostOrigins))
  const origins: number[] = []
  // From the end, so that the latest one is among them.
  for (let origin = last; origin >= first; origin -= step) origins.unshift(origin)
  return origins
}

/** So many periods are asked for: not more than a fifth of what there is, so that there are moments to ask at. */
export function trialHorizon(count: number, least: number, horizon: number): number {
  return Math.max(1, Math.min(horizon, Math.floor(count / 5), count - least - leastOrigins + 1))
}

export interface Trials {
  readonly origins: number
  readonly horizon: number
  readonly tried: readonly MethodTrial[]
}

/**
 * Asks methods at moments of the past for what came next, knowing nothing of it (rolling origin). All are asked the same.
 *
 * @param candidates each of them can learn from what is there before the first moment
 */
export async function tryAll(
  candidates: readonly Method[],
  values: readonly number[],
  season: number,
  asked: { readonly horizon: number; readonly level: number },
): Promise<Trials> {
  const least = Math.max(...candidates.map((method) => method.least(season)))
  const horizon = trialHorizon(values.length, least, asked.horizon)
  const origins = originsOf(values.length, least, horizon)
  const tried: MethodTrial[] = []
  for (const method of candidates) {
    const errors: number[] = []
    const shares: number[] = []
    let inside = 0
    for (const origin of origins) {
      const forecasts = expected(fit(method, values.slice(0, origin), season), horizon, asked.level)
      for (const [index, { value, low, high }] of forecasts.entries()) {
        const actual = values[origin + index] ?? 0
        errors.push(Math.abs(actual - value))
        shares.push(Math.abs((actual - value) / actual))
        if (actual >= low && actual <= high) inside += 1
      }
      await turn()
    }
    const share = meanOf(shares)
    tried.push({
      method: method.name,
      meanError: meanOf(errors),
      meanErrorShare: Number.isFinite(share) ? share : null,
      coverage: inside / errors.length,
    })
  }
  return { origins: origins.length, horizon, tried }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
