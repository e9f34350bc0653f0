import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deepFreeze } from '../../src/message/freeze.ts'

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen)
}

/** Freezes some of the objects in a value, but nothing in them: what schema libraries do for `readonly()`. */
function freezeSome(value: unknown, chosen: () => boolean): unknown {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) freezeSome(inner, chosen)
  return chosen() ? Object.freeze(value) : value
}

describe('freezing', () => {
  test('reaches everything that a value holds', () => {
    fc.assert(
      fc.property(fc.object({ withNullPrototype: true }), (value) => {
        expect(isDeeplyFrozen(deepFreeze(value))).toBe(true)
      }),
    )
  })

  test('reaches what is held by an object that was frozen before', () => {
    fc.assert(
      fc.property(fc.object(), fc.infiniteStream(fc.boolean()), (value, choices) => {
        freezeSome(value, () => choices.next().value ?? false)
        expect(isDeeplyFrozen(deepFreeze(value))).toBe(true)
      }),
    )
  })

  test('changes nothing and gives the value itself', () => {
    fc.assert(
      fc.property(fc.object(), (value) => {
        const copy = structuredClone(value)
        expect(deepFreeze(value)).toBe(value)
        expect(value).toEqual(copy)
      }),
    )
  })

  test.each([[null], [undefined], [1], ['text'], [true], [Symbol.iterator]])('gives %s as it is', (value) => {
    expect(deepFreeze(value)).toBe(value)
  })

  test('leaves bytes as they are and freezes what holds them', () => {
    const value = deepFreeze({ bytes: Uint8Array.of(1, 2, 3) })
    expect(Object.isFrozen(value)).toBe(true)
    expect([...value.bytes]).toEqual([1, 2, 3])
  })

  test('ends where a value holds itself', () => {
    const inner: { outer?: unknown } = {}
    const outer = { inner }
    inner.outer = outer
    deepFreeze(outer)
    expect(Object.isFrozen(outer) && Object.isFrozen(inner)).toBe(true)
  })
})
