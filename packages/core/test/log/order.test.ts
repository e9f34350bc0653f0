import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareScalars, compareText } from '../../src/log/order.ts'

const texts = fc.oneof(
  fc.string({ unit: 'binary' }),
  // Where the orders of UTF-16 and of code points part.
  fc.string({
    unit: fc.constantFrom('a', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}', '\u{10FFFF}'),
    maxLength: 4,
  }),
)
const scalars = fc.oneof(fc.constant(null), fc.boolean(), fc.double({ noNaN: true }), texts)

describe('the order of texts', () => {
  test('is that of their bytes in UTF-8', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        expect(Math.sign(compareText(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the order of values', () => {
  test('is total', () => {
    fc.assert(
      fc.property(scalars, scalars, scalars, (one, two, three) => {
        const [a, b, c] = [one, two, three].toSorted(compareScalars)
        expect(compareScalars(a ?? null, b ?? null)).toBeLessThanOrEqual(0)
        expect(compareScalars(b ?? null, c ?? null)).toBeLessThanOrEqual(0)
        expect(compareScalars(a ?? null, c ?? null)).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('is turned round where the values are', () => {
    fc.assert(
      fc.property(scalars, scalars, (one, other) => {
        expect(Math.sign(compareScalars(one, other)) + Math.sign(compareScalars(other, one))).toBe(0)
      }),
    )
  })

  test('puts null before numbers and numbers before text', () => {
    const values = ['', true, null, -1, '-1', 0.5]
    expect(values.toSorted(compareScalars)).toEqual([null, -1, 0.5, true, '', '-1'])
  })
})
