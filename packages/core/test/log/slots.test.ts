import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equalRanges, holds, slotCount, slotOf } from '../../src/log/slots.ts'

const key = fc.string({ unit: 'binary', maxLength: 40 })

it('a key has one slot, today and in all versions to come', () => {
  // Checkpoints and parked events are stored by slots: if one of these changes, the hash is another.
  expect([slotOf('', ''), slotOf('', 'order-1'), slotOf('acme', 'order-1'), slotOf('', 'Ü€𝄞')]).toEqual([
    1400, 33950, 15174, 6456,
  ])
  fc.assert(
    fc.property(key, key, (tenant, text) => {
      const slot = slotOf(tenant, text)
      expect(slot).toBe(slotOf(tenant, text))
      expect(slot).toBeGreaterThanOrEqual(0)
      expect(slot).toBeLessThan(slotCount)
    }),
  )
})

it('a tenant’s key is not hashed like another’s that spells the same together', () => {
  expect(slotOf('ab', 'c')).not.toBe(slotOf('a', 'bc'))
})

it('equal ranges hold every slot once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.nat({ max: slotCount - 1 }), (count, slot) => {
      const ranges = equalRanges(count)
      expect(ranges).toHaveLength(count)
      expect(ranges.filter((range) => holds(range, slot))).toHaveLength(1)
    }),
  )
})

it.each([
  ['names that count on', (index: number) => `order-${index}`],
  [
    'UUIDs made in a row',
    (index: number) => `0192f3c4-5a6b-7${index.toString(16).padStart(3, '0')}-8000-000000000000`,
  ],
])('%s spread over partitions evenly', (_, keyAt) => {
  const ranges = equalRanges(8)
  const counts = ranges.map(() => 0)
  for (let index = 0; index < 4_000; index += 1) {
    const slot = slotOf('', keyAt(index))
    const at = ranges.findIndex((range) => holds(range, slot))
    counts[at] = (counts[at] ?? 0) + 1
  }
  expect(Math.min(...counts)).toBeGreaterThan(400)
  expect(Math.max(...counts)).toBeLessThan(600)
})
