import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { studentQuantile } from '../../src/time/forecast/distribution.ts'
import { methods } from '../../src/time/forecast/methods/methods.ts'
import { drift, naive, seasonalNaive } from '../../src/time/forecast/methods/naive.ts'
import { holt, holtWinters } from '../../src/time/forecast/methods/smoothing.ts'
import { trend } from '../../src/time/forecast/methods/trend.ts'
import { Periods } from '../../src/time/forecast/periods.ts'
import { expected, tryAll } from '../../src/time/forecast/trial.ts'
import { airline } from '../support/airline.ts'

describe('forecasting methods', () => {
  test('naive ones continue what was, and are the less sure the further they look', () => {
    // Steps of 2, -1, 3, 0: of squares 14, on average 1.
    const values = [10, 12, 11, 14, 14]
    expect(naive.fit(values, 1).at(4)).toEqual({ value: 14, deviation: Math.sqrt(14 / 4) * 2 })
    const drifting = drift.fit(values, 1)
    expect(drifting.parameters).toEqual({ slope: 1 })
    // What differs from 1: 1, -2, 2, -1, of squares 10, over 4 steps less the one that was learnt.
    expect(drifting.at(2).value).toBe(16)
    expect(drifting.at(2).deviation).toBeCloseTo(Math.sqrt(10 / 3) * Math.sqrt(2 * 1.5), 12)
    const seasonal = seasonalNaive.fit([1, 5, 2, 7], 2)
    expect([1, 2, 3, 4].map((ahead) => seasonal.at(ahead).value)).toEqual([2, 7, 2, 7])
    expect(seasonal.at(3).deviation).toBeCloseTo(seasonal.at(1).deviation * Math.SQRT2, 12)
  })

  test('a trend has the line and the prediction interval of least squares', () => {
    // Worked by hand: the line 1.1 + 0.7 x, residuals of squares 0.7, of 3 degrees of freedom.
    const fitted = trend.fit([1, 2, 2.5, 3, 4], 1)
    expect(fitted.parameters).toEqual({ intercept: 1.1, slope: 0.7 })
    const squares = [0.1, -0.2, 0, 0.2, -0.1].reduce((sum, error) => sum + error * error, 0)
    const at = fitted.at(1)
    expect(at.value).toBeCloseTo(4.6, 12)
    expect(at.deviation).toBeCloseTo(Math.sqrt(squares / 3) * Math.sqrt(1 + 1 / 5 + 9 / 10), 12)
  })

  test('Holt and Winters smooth airline passengers as R does', () => {
    // HoltWinters(AirPassengers, seasonal = "additive") of R: a 477.827781, b 3.127627.
    const { parameters } = holtWinters.fit(airline, 12)
    expect(parameters['alpha']).toBeCloseTo(0.2479595, 3)
    expect(parameters['beta']).toBeCloseTo(0.0345373, 3)
    expect(parameters['gamma']).toBe(1)
    expect(parameters['level']).toBeCloseTo(477.827781, 1)
    expect(parameters['slope']).toBeCloseTo(3.127627, 2)
  })

  test('Holt follows a line exactly', () => {
    const line = Array.from({ length: 12 }, (_, index) => 3 + 2 * index)
    const fitted = holt.fit(line, 1)
    expect(fitted.at(1).value).toBeCloseTo(27, 9)
    expect(fitted.at(5)).toEqual({ value: expect.closeTo(35, 9), deviation: expect.closeTo(0, 9) })
  })

  test('of Holt and Winters the variance is that of its error terms one by one', () => {
    const fitted = holtWinters.fit(airline, 12)
    const { alpha = 0, beta = 0, gamma = 0 } = fitted.parameters
    // What is expected so many steps ahead moves with each error on the way by so much (Hyndman and others, 6.1).
    const share = (step: number): number =>
      alpha + alpha * beta * step + (step % 12 === 0 ? gamma * (1 - alpha) : 0)
    for (const ahead of [1, 2, 12, 13, 25, 40]) {
      let variance = 1
      for (let step = 1; step < ahead; step += 1) variance += share(step) ** 2
      expect(fitted.at(ahead).deviation / fitted.at(1).deviation).toBeCloseTo(Math.sqrt(variance), 9)
    }
  })

  test('none changes its mind with the unit in which is measured', () => {
    const series = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 12, maxLength: 40 })
    fc.assert(
      fc.property(series, (values) => {
        for (const method of methods) {
          const one = method.fit(values, 3)
          const other = method.fit(
            values.map((value) => value * 4),
            3,
          )
          expect(other.at(5).value).toBeCloseTo(one.at(5).value * 4, 6)
          expect(other.at(5).deviation).toBeCloseTo(one.at(5).deviation * 4, 6)
        }
      }),
      { numRuns: 30 },
    )
  })
})

test('quantiles are those of the tables', () => {
  expect(studentQuantile(0.9, 1)).toBeCloseTo(3.0776835, 6)
  expect(studentQuantile(0.95, 3)).toBeCloseTo(2.3533634, 6)
  expect(studentQuantile(0.975, 10)).toBeCloseTo(2.2281389, 6)
  expect(studentQuantile(0.025, 10)).toBeCloseTo(-2.2281389, 6)
  expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966, 5)
})

describe('trials on the past', () => {
  test('find the seasons of airline passengers, and how often intervals held what came', async () => {
    const { tried, origins, horizon } = await tryAll(methods, airline, 12, { horizon: 12, level: 0.9 })
    expect({ origins, horizon }).toEqual({ origins: 18, horizon: 12 })
    const byError = tried.toSorted((one, other) => one.meanError - other.meanError)
    expect(byError[0]?.method).toBe('holt-winters')
    expect(byError[0]?.meanErrorShare).toBeLessThan(0.06)
    for (const { coverage } of tried) expect(coverage).toBeGreaterThan(0.4)
  })

  test('cover what they promise where the method is right', async () => {
    const random = deterministic()
    let value = 0
    const walk = Array.from({ length: 400 }, () => (value += gaussian(random)))
    const { tried } = await tryAll([naive], walk, 7, { horizon: 1, level: 0.8 })
    expect(tried[0]?.coverage).toBeGreaterThan(0.6)
    // Of all one-step intervals, not only of those that a trial asks for.
    let inside = 0
    for (let origin = 50; origin < 400; origin += 1) {
      const [next] = expected(naive.fit(walk.slice(0, origin), 7), 1, 0.8)
      const actual = walk[origin] ?? 0
      if (next !== undefined && actual >= next.low && actual <= next.high) inside += 1
    }
    expect(inside / 350).toBeCloseTo(0.8, 1)
  })
})

describe('periods', () => {
  test('follow each other without gaps, in any time zone and across its leaps', () => {
    for (const every of ['hour', 'day', 'week', 'month'] as const) {
      const periods = new Periods(every, 'Europe/Berlin')
      const times = fc.integer({ min: Date.UTC(1980, 0), max: Date.UTC(2040, 0) })
      fc.assert(
        fc.property(times, (time) => {
          const index = periods.indexOf(time)
          expect(periods.startOf(index)).toBeLessThanOrEqual(time)
          expect(periods.startOf(index + 1)).toBeGreaterThan(time)
        }),
      )
    }
    const days = new Periods('day', 'Europe/Berlin')
    const leap = days.indexOf(Date.parse('2026-03-29T12:00Z'))
    expect(days.startOf(leap + 1) - days.startOf(leap)).toBe(23 * 3_600_000)
    const weeks = new Periods('week', 'UTC')
    expect(new Date(weeks.startOf(weeks.indexOf(Date.parse('2026-11-26T09:00Z')))).toISOString()).toBe(
      '2026-11-23T00:00:00.000Z',
    )
  })
})

/** A generator of numbers from 0 to 1 that gives the same each time (mulberry32). */
function deterministic(): () => number {
  let seed = 7
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
