import { isHeadwaterError, rule, type Rule, type RuleEntry } from '@headwater/core'
import { expectTypeOf } from 'expect-type'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const salesTax = rule('sales-tax', [
  { from: '2017-01-01', value: 0.015 },
  { from: '2018-02-01', value: 0.018 },
])

const at = (text: string) => new Date(text)

/** Undefined: nothing is in force. */
function valueAt<Value>(dated: Rule<Value>, instant: Date): Value | undefined {
  try {
    return dated.at(instant)
  } catch (error) {
    if (isHeadwaterError(error, 'rule.not-in-force')) return undefined
    throw error
  }
}

describe('a dated rule', () => {
  test('gives what is in force, to the millisecond', () => {
    expect(salesTax.at(at('2017-01-01T00:00:00.000Z'))).toBe(0.015)
    expect(salesTax.at(at('2018-01-31T23:59:59.999Z'))).toBe(0.015)
    expect(salesTax.at(at('2018-02-01T00:00:00.000Z'))).toBe(0.018)
    expect(salesTax.at(at('2040-01-01'))).toBe(0.018)
  })

  test('means midnight in its own time zone', () => {
    const entries = [{ value: 0.015 }, { from: '2018-02-01', value: 0.018 }]
    const german = rule('sales-tax', entries, { timeZone: 'Europe/Berlin' })
    expect(german.at(at('2018-01-31T22:59:59.999Z'))).toBe(0.015)
    expect(german.at(at('2018-01-31T23:00:00.000Z'))).toBe(0.018)
  })

  test('says that nothing is in force before its first entry, or after one that ends', () => {
    const vat = rule('vat', [{ from: '2017-01-01', to: '2018-01-01', value: 1 }])
    for (const instant of ['2016-12-31T23:59:59.999Z', '2018-01-01T00:00:00.000Z'])
      expect(() => vat.at(at(instant))).toThrow(expect.objectContaining({ code: 'rule.not-in-force' }))
    expect(() => vat.at(new Date(Number.NaN))).toThrow(expect.objectContaining({ code: 'rule.not-in-force' }))
  })

  test('may hold functions, which know their data', () => {
    const posting = rule('posting', [
      { value: (kwh: number) => kwh * 10 },
      { from: '2018-02-01', value: (kwh: number) => kwh * 12 + 5 },
    ])
    expect([posting.at(at('2018-01-31'))(3), posting.at(at('2018-02-01'))(3)]).toEqual([30, 41])
    expectTypeOf(posting.at).returns.toEqualTypeOf<(kwh: number) => number>()
  })

  test('freezes its values', () => {
    const prices = rule('prices', [{ value: { tea: 3 } }])
    expect(Object.isFrozen(prices.at(at('2018-01-01')))).toBe(true)
  })

  test('with further entries is another rule, and the one it was made of stays as it was', () => {
    const reduced = salesTax.with([{ from: '2020-07-01', to: '2021-01-01', value: 0.01 }])
    const instants = ['2020-06-30T23:59:59.999Z', '2020-07-01', '2020-12-31T23:59:59.999Z', '2021-01-01'].map(
      at,
    )
    expect(instants.map((instant) => reduced.at(instant))).toEqual([0.018, 0.01, 0.01, 0.018])
    expect(instants.map((instant) => salesTax.at(instant))).toEqual([0.018, 0.018, 0.018, 0.018])
  })

  test('with the entries of a tenant says something else to that tenant alone', () => {
    const federal = salesTax.with([{ from: '2018-01-01', value: 0 }], { tenant: 'north' })
    const instants = ['2017-12-31', '2018-01-01', '2019-01-01'].map(at)
    expect(instants.map((instant) => federal.at(instant, { tenant: 'north' }))).toEqual([0.015, 0, 0])
    expect(instants.map((instant) => federal.at(instant, { tenant: 'south' }))).toEqual([0.015, 0.015, 0.018])
    expect(instants.map((instant) => federal.at(instant))).toEqual([0.015, 0.015, 0.018])
  })

  const wrong: readonly [string, readonly RuleEntry<number>[], string][] = [
    ['no entry', [], 'it has no entry'],
    ['a date that is none', [{ from: '2018-02-30', value: 1 }], 'entry 0.from: 2018-02-30 is no date'],
    [
      'a gap',
      [
        { to: '2018-01-01', value: 1 },
        { from: '2018-02-01', value: 2 },
      ],
      'there is a gap between 2018-01-01T00:00:00.000Z and 2018-02-01T00:00:00.000Z',
    ],
    [
      'an overlap',
      [
        { to: '2018-03-01', value: 1 },
        { from: '2018-02-01', value: 2 },
      ],
      'entry 0: it overlaps with entry 1',
    ],
    [
      'two entries that begin together',
      [
        { from: '2018-02-01', value: 1 },
        { from: '2018-02-01', value: 2 },
      ],
      'it ends before it begins, or where another begins',
    ],
    [
      'an end before its beginning',
      [{ from: '2018-02-01', to: '2018-01-01', value: 1 }],
      'it ends before it begins',
    ],
  ]
  test.each(wrong)('with %s is refused', (_what, entries, message) => {
    expect(() => rule('sales-tax', entries)).toThrow(message)
    expect(() => rule('sales-tax', entries)).toThrow(expect.objectContaining({ code: 'app.invalid' }))
  })

  test('of no name, or of a zone that is none, is refused', () => {
    expect(() => rule('sales tax', [{ value: 1 }])).toThrow('names no rule')
    expect(() => rule('tax', [{ value: 1 }], { timeZone: 'Mars/Olympus' })).toThrow('there is no time zone')
  })

  test('gives at any time what its entries say, in whichever order they are written', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(days, fc.integer({ min: -100, max: 20_100 }), (starts, day) => {
        const entries = starts.map((start) => ({ from: new Date(start * 86_400_000), value: start }))
        const dated = rule('any', entries)
        const expected = Math.max(...starts.filter((start) => start <= day))
        expect(valueAt(dated, new Date(day * 86_400_000))).toBe(
          Number.isFinite(expected) ? expected : undefined,
        )
      }),
    )
  })

  test('gives what the uppermost entry says that is in force', () => {
    const entry = fc
      .record({ start: fc.nat(100), length: fc.integer({ min: 1, max: 40 }), value: fc.nat() })
      .map(({ start, length, value }) => ({ from: new Date(start), to: new Date(start + length), value }))
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.integer({ min: -5, max: 150 }), (tops, instant) => {
        let dated = rule('any', [{ value: -1 }])
        for (const top of tops) dated = dated.with([top])
        const expected = tops.findLast(({ from, to }) => from.getTime() <= instant && instant < to.getTime())
        expect(dated.at(new Date(instant))).toBe(expected?.value ?? -1)
      }),
    )
  })
})

test('a rule is typed by its values', () => {
  expectTypeOf(salesTax.at).returns.toEqualTypeOf<number>()
  // @ts-expect-error a text is no rate
  expect(() => salesTax.with([{ from: '2020-07-01', value: 'one' }])).not.toThrow()
})
