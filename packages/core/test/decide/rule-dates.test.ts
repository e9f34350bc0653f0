import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOf, isTimeZone } from '../../src/decide/rule-dates.ts'

const iso = (date: string | Date, timeZone = 'UTC') => {
  const instant = instantOf(date, timeZone)
  return instant === undefined ? undefined : new Date(instant).toISOString()
}

/** What the clocks of a zone show at an instant. */
function shown(instant: number, timeZone: string): string {
  return new Date(instant).toLocaleString('sv-SE', { timeZone })
}

describe('a date of a rule', () => {
  test.each([
    ['2018-02-01', 'UTC', '2018-02-01T00:00:00.000Z'],
    ['2018-02-01', 'Europe/Berlin', '2018-01-31T23:00:00.000Z'],
    ['2018-07-01', 'Europe/Berlin', '2018-06-30T22:00:00.000Z'],
    ['2018-02-01', 'America/New_York', '2018-02-01T05:00:00.000Z'],
    ['2018-02-01T06:30', 'Asia/Kolkata', '2018-02-01T01:00:00.000Z'],
    ['2018-02-01T06:30Z', 'Asia/Kolkata', '2018-02-01T06:30:00.000Z'],
    ['2018-02-01T06:30:15.25+01:00', 'UTC', '2018-02-01T05:30:15.250Z'],
    ['2018-02-01T00:00-05:30', 'UTC', '2018-02-01T05:30:00.000Z'],
  ])('%s in %s is %s', (date, timeZone, expected) => {
    expect(iso(date, timeZone)).toBe(expected)
  })

  test('may be a Date', () => {
    expect(iso(new Date('2018-02-01T12:00:00Z'), 'Europe/Berlin')).toBe('2018-02-01T12:00:00.000Z')
  })

  test.each([
    '2018-02-30',
    '2018-13-01',
    '2018-2-1',
    '01.02.2018',
    '2018-02-01T24:00',
    '2018-02-01T10:61',
    '2018-02-01 10:00',
    'tomorrow',
    '',
  ])('%j is none', (text) => {
    expect(instantOf(text, 'UTC')).toBeUndefined()
  })

  test('that is no time is none', () => {
    expect(instantOf(new Date(Number.NaN), 'UTC')).toBeUndefined()
  })

  test('that the clocks show twice is the first of the two', () => {
    expect(iso('2018-10-28T02:30', 'Europe/Berlin')).toBe('2018-10-28T00:30:00.000Z')
  })

  test('that the clocks leap over is the moment of the leap', () => {
    expect(iso('2018-03-25T02:30', 'Europe/Berlin')).toBe('2018-03-25T01:00:00.000Z')
    // In Brazil, summer began at midnight.
    expect(iso('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z')
  })

  test('is midnight by the clocks of its zone, wherever there is one', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Pacific/Auckland',
    )
    const days = fc.date({ min: new Date('1975-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(days, zones, (date, timeZone) => {
        const day = date.toISOString().slice(0, 10)
        const instant = instantOf(day, timeZone)
        expect(shown(instant ?? 0, timeZone)).toBe(`${day} 00:00:00`)
        // The millisecond before still belongs to the day before.
        expect(shown((instant ?? 0) - 1, timeZone) < day).toBe(true)
      }),
    )
  })
})

test('a time zone is one that the calendar knows', () => {
  expect(['UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false])
})
