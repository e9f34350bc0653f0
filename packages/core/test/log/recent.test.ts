import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Recent } from '../../src/log/recent.ts'

/** A cache in which the keys were used in this order. */
function used(capacity: number, keys: readonly number[]): Recent<number> {
  const recent = new Recent<number>(capacity)
  for (const key of keys) if (recent.get(String(key)) === undefined) recent.set(String(key), key)
  return recent
}

const uses = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 })

it('keeps at least the half of its capacity that was used last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), uses, (capacity, keys) => {
      const last = [...new Set(keys.toReversed())].slice(0, Math.max(1, Math.floor(capacity / 2)))
      // Asking is a use, too: each key is asked of a cache of its own.
      for (const key of last) expect(used(capacity, keys).get(String(key))).toBe(key)
    }),
  )
})

it('keeps no more than its capacity and one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), uses, (capacity, keys) => {
      const all = [...new Set(keys)]
      const kept = all.filter((key) => used(capacity, keys).get(String(key)) !== undefined)
      expect(kept.length).toBeLessThanOrEqual(capacity + 1)
    }),
  )
})

it('forgets what is deleted, in whichever generation it is', () => {
  const recent = new Recent<number>(4)
  for (const key of ['a', 'b', 'c']) recent.set(key, 1)
  recent.delete('a')
  recent.delete('c')
  expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([undefined, 1, undefined])
})
