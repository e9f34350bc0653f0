import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inParts } from '../../src/image/parts.ts'

const limit = 64 * 1024

describe('the parts of an image', () => {
  test('hold every entry once, in order, and no more than is written at once unless it is one entry', () => {
    const anyText = fc
      .tuple(fc.string({ maxLength: 8 }), fc.nat(40_000))
      .map(([text, n]) => text + 'x'.repeat(n))
    const anyEntry = fc.tuple(
      fc.string(),
      fc.oneof(fc.integer(), anyText, fc.array(fc.record({ text: anyText }))),
    )
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 60 }), (entries) => {
        const parts = [...inParts(entries)]
        expect(parts.flat()).toEqual(entries)
        for (const part of parts)
          expect(part.length === 1 || JSON.stringify(part).length <= 2 * limit).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('are few where entries are small', () => {
    const entries = Array.from({ length: 10_000 }, (_, n): [string, unknown] => [`k${n}`, { n }])
    expect([...inParts(entries)]).toHaveLength(20)
    expect([...inParts([])]).toEqual([])
  })

  test('hold a deleted key like any other', () => {
    expect([...inParts([['a', undefined]])]).toEqual([[['a', undefined]]])
  })
})
