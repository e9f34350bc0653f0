import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lostPart } from '../../src/message/faithful.ts'

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null')
const lostByJson = (value: unknown) => lostPart(value, stored(value))

describe('what JSON loses of a value', () => {
  test('is nothing of JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(lostByJson(value)).toBeUndefined()
      }),
    )
  })

  test('is nothing where fields are undefined, or a zero is negative', () => {
    expect(lostByJson({ a: undefined, b: { c: undefined }, d: -0 })).toBeUndefined()
  })

  class Money {
    readonly cents: number
    constructor(cents: number) {
      this.cents = cents
    }
  }

  test.each<[unknown, string]>([
    [{ at: new Date(0) }, 'at was a Date and came back as a text'],
    [{ lines: [{ at: new Date(0) }] }, 'lines.0.at was a Date and came back as a text'],
    [{ seats: new Map([['a', 1]]) }, 'seats was a Map and came back as an object'],
    [{ seen: new Set(['a']) }, 'seen was a Set and came back as an object'],
    [{ key: Uint8Array.of(1) }, 'key was a Uint8Array and came back as an object'],
    [{ total: Number.NaN }, 'total was NaN and came back as null'],
    [{ rest: Number.POSITIVE_INFINITY }, 'rest was Infinity and came back as null'],
    [{ list: [undefined] }, 'list.0 was nothing and came back as null'],
    [{ price: new Money(3) }, 'price was a Money and came back as an object'],
    [{ apply: () => 1 }, 'apply was a function and came back as nothing'],
    [new Date(0), 'it was a Date and came back as a text'],
  ])('%# is said in words', (value, words) => {
    expect(lostByJson(value)).toBe(words)
  })
})

describe('a value that was read', () => {
  test.each<[unknown, unknown]>([
    [new Date(5), new Date(5)],
    [new Map([['a', { n: 1 }]]), new Map([['a', { n: 1 }]])],
    [new Set([1, 2]), new Set([1, 2])],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    [Number.NaN, Number.NaN],
  ])('%# is as good as the one that was written', (value, copy) => {
    expect(lostPart(value, copy)).toBeUndefined()
  })

  test.each<[unknown, unknown, string]>([
    [{ a: 1 }, { a: 2 }, 'a was 1 and came back as 2'],
    [{ a: 1 }, { a: 1, b: 2 }, 'b was nothing and came back as 2'],
    [[1, 2], [1], '1 was 2 and came back as nothing'],
    [new Date(1), new Date(2), 'it was a Date and came back as a Date'],
    [new Map([['a', 1]]), new Map([['a', 2]]), '0.1 was 1 and came back as 2'],
    [Uint8Array.of(1), Uint8Array.of(2), '0 was 1 and came back as 2'],
  ])('%# is found to differ', (value, copy, words) => {
    expect(lostPart(value, copy)).toBe(words)
  })
})
