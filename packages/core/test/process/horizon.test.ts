import type { Partition } from '@headwater/core'
import { slotCount, slotOf } from '@headwater/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Horizon } from '../../src/process/horizon.ts'

const last = slotCount - 1

/** Partitions that cover all slots, each at a position. */
const partitions = fc.uniqueArray(fc.integer({ min: 1, max: last }), { maxLength: 5 }).chain((cuts) => {
  const firsts = [0, ...cuts.toSorted((one, other) => one - other)]
  return fc
    .array(fc.nat(30), { minLength: firsts.length, maxLength: firsts.length })
    .map((positions) =>
      firsts.map((first, index) =>
        aPartition(first, (firsts[index + 1] ?? slotCount) - 1, positions[index] ?? 0),
      ),
    )
})

function aPartition(first: number, to: number, position: number): Partition {
  const checkpoint = { epoch: 'epoch', position, eventId: null }
  return { processor: 'p', branch: 0, first, last: to, generation: 1, checkpoint, ahead: [] } as Partition
}

it('covers what was handled before any of the resets, of each key, and nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(partitions, { maxLength: 4 }),
      fc.array(fc.string(), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 31 }),
      (resets, keys, position) => {
        // Each reset says it for all before it: only the last one is read.
        const horizon = resets.reduce((before, now) => new Horizon(before.and(now)), new Horizon())
        for (const key of keys) {
          const slot = slotOf('', key)
          const furthest = resets.flatMap((ranges) =>
            ranges
              .filter(({ first, last: to }) => first <= slot && slot <= to)
              .map(({ checkpoint }) => checkpoint.position),
          )
          expect(horizon.covers('', key, position)).toBe(position <= Math.max(0, ...furthest))
        }
      },
    ),
  )
})

it('says of each slot once how far it had come', () => {
  fc.assert(
    fc.property(fc.array(partitions, { minLength: 1, maxLength: 4 }), (resets) => {
      let slots = new Horizon().and([])
      for (const now of resets) slots = new Horizon(slots).and(now)
      let next = 0
      for (const range of slots) {
        expect(range.first).toBe(next)
        next = range.last + 1
      }
      expect(next).toBe(slotCount)
    }),
  )
})
