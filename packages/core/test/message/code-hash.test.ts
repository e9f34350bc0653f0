import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeHash } from '../../src/message/code-hash.ts'

describe('the hash of code', () => {
  test('is the same for the same functions and values, whichever objects hold them', () => {
    const made = () => ({ add: (a: number, b: number) => a + b, initial: { n: 0, at: new Date(0) } })
    expect(codeHash(made())).toBe(codeHash(made()))
    expect(codeHash(made())).toMatch(/^[0-9a-f]{16}$/)
  })

  test('goes by what an object holds, in whichever order', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(codeHash(reversed)).toBe(codeHash(value))
      }),
    )
  })

  test('is another one when a function’s text changes', () => {
    expect(codeHash((n: number) => n + 1)).not.toBe(codeHash((n: number) => n + 2))
  })

  test.each<[string, unknown, unknown]>([
    ['a number and its text', 1, '1'],
    ['null and undefined', null, undefined],
    ['a list and a set', [1], new Set([1])],
    ['a map and an object', new Map([['a', 1]]), { a: 1 }],
    ['an empty list and none', [[]], []],
    ['what stands inside and what stands behind', [[1], 2], [[1, 2]]],
    ['dates', new Date(0), new Date(1)],
    ['patterns', /a/, /b/],
    ['a function and its text', Math.max, Math.max.toString()],
    ['keys and values', { a: 'b' }, { b: 'a' }],
    ['one part and two', ['a', 'b'], ['ab']],
  ])('tells %s apart', (_what, one, other) => {
    expect(codeHash(one)).not.toBe(codeHash(other))
  })

  test('ends where a value holds itself', () => {
    const loop: { self?: unknown; n: number } = { n: 1 }
    loop.self = loop
    expect(codeHash(loop)).not.toBe(codeHash({ n: 1 }))
  })
})
