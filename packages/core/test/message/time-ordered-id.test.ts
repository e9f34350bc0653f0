import * as fc from 'fast-check'
import { validate, version } from 'uuid'
import { describe, expect, it } from 'vitest'
import { timeOfId } from '../../src/message/identity.ts'
import { timeOrderedId } from '../../src/message/time-ordered-id.ts'

describe('a time-ordered id', () => {
  it('is a UUID of version 7 that holds its time', () => {
    const before = Date.now()
    const id = timeOrderedId()
    expect(validate(id)).toBe(true)
    expect(version(id)).toBe(7)
    expect(timeOfId(id)).toBeGreaterThanOrEqual(before)
  })

  it('rises with every call, more often than a millisecond has counts, and when the clock goes back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1, maxLength: 50 }),
        (jumps) => {
          const ids = jumps.flatMap((jump) =>
            Array.from({ length: 200 }, () => timeOrderedId(Date.now() + jump)),
          )
          expect(ids.toSorted()).toEqual(ids)
          expect(new Set(ids).size).toBe(ids.length)
        },
      ),
    )
  })
})
