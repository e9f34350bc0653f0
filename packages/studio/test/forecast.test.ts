import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, askedIn, initial } from '../src/rooms/views/forecast/asked.ts'
import { numbersIn } from '../src/rooms/views/forecast/numbers.ts'
import { everyNth, periodName, ticksBetween } from '../src/rooms/views/forecast/scales.ts'

const value = fc.double({ min: -1e9, max: 1e9, noNaN: true })

describe('the axes of a forecast', () => {
  it('hold all values between ascending ticks, which are few', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [lowest, highest] = [Math.min(one, other), Math.max(one, other)]
        // Closer together than doubles tell apart, there is nothing to draw.
        fc.pre(
          lowest === highest || highest - lowest > 1e-6 * Math.max(1, Math.abs(lowest), Math.abs(highest)),
        )
        const ticks = ticksBetween(lowest, highest, 5)
        const slack = 1e-6 * Math.max(1, highest - lowest)
        expect(ticks[0]).toBeLessThanOrEqual(lowest + slack)
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest - slack)
        expect(ticks.length).toBeGreaterThan(1)
        expect(ticks.length).toBeLessThan(10)
        expect(ticks.every((tick, index) => index === 0 || tick > (ticks[index - 1] ?? 0))).toBe(true)
      }),
    )
  })

  it('have round ticks', () => {
    expect(ticksBetween(3, 97, 5)).toEqual([0, 20, 40, 60, 80, 100])
    expect(ticksBetween(-0.4, 0.4, 4)).toEqual([-0.4, -0.2, 0, 0.2, 0.4])
    expect(ticksBetween(0, 0, 5)).toEqual([0, 0.2])
  })

  it('name the periods by the calendar of their zone, and not more of them than there is room for', () => {
    expect(periodName('2026-03-01T23:00:00Z', 'day', 'Europe/Berlin')).toBe('2 Mar 2026')
    expect(periodName('2026-03-01T00:00:00Z', 'month', 'UTC')).toBe('Mar 2026')
    expect(everyNth(70, 8)).toEqual([0, 9, 18, 27, 36, 45, 54, 63])
    expect(everyNth(3, 8)).toEqual([0, 1, 2])
  })
})

describe('what is asked of a forecast', () => {
  it('is in the address only where it is said, and is read from there', () => {
    const asked = { ...initial, field: 'revenue', measure: 'change', horizon: '7' }
    expect(addressOf(asked)).toEqual({ field: 'revenue', measure: 'change', horizon: '7' })
    expect(askedIn(new URLSearchParams(addressOf(asked)))).toEqual(asked)
  })

  it('can be any number in the documents', () => {
    const documents = [
      { total: 1, name: 'a', stock: { pieces: 2 } },
      { total: null, tax: 3, lines: [1, 2] },
    ]
    expect(numbersIn(documents)).toEqual(['total', 'stock.pieces', 'tax'])
  })
})
