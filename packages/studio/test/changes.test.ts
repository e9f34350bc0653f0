import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changesOf, type Difference, differenceOf, equal, shortChange } from '../src/rooms/streams/changes.ts'

/** The side of a difference put together again from its parts: nothing may be lost or invented by comparing. */
function side(difference: Difference, which: 'before' | 'after'): unknown {
  const { kind, parts } = difference
  if (!parts || kind === 'same') return difference[which]
  const there = parts.filter((part) => part.kind !== (which === 'before' ? 'added' : 'removed'))
  if (Array.isArray(difference[which])) return there.map((part) => side(part, which))
  return Object.fromEntries(there.map((part) => [part.name, side(part, which)]))
}

const state = fc.jsonValue({ maxDepth: 4 }).map((value): unknown => JSON.parse(JSON.stringify(value)))

describe('the difference between two states', () => {
  it('holds both states whole', () => {
    fc.assert(
      fc.property(state, state, (before, after) => {
        const difference = differenceOf(before, after)
        expect(equal(side(difference, 'before'), before)).toBe(true)
        expect(equal(side(difference, 'after'), after)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('has no changes exactly when the states are equal', () => {
    fc.assert(
      fc.property(state, state, (before, after) => {
        expect(changesOf(before, after).length === 0).toBe(equal(before, after))
        expect(changesOf(before, structuredClone(before))).toEqual([])
      }),
      { numRuns: 500 },
    )
  })

  it('names each change by its path', () => {
    const before = {
      status: 'placed',
      address: { city: 'Cork', street: 'Quay' },
      tags: ['a', 'b'],
      card: '1',
    }
    const after = {
      status: 'paid',
      address: { city: 'Bergen', street: 'Quay' },
      tags: ['a', 'x', 'b'],
      paid: 5,
    }
    expect(changesOf(before, after).map(shortChange)).toEqual([
      'status placed → paid',
      'address.city Cork → Bergen',
      '+ tags[1] x',
      '+ paid 5',
      '− card',
    ])
  })

  it('tells an item that went out of the middle of a list from one that changed', () => {
    const changes = changesOf(
      { lines: [{ sku: 1 }, { sku: 2 }, { sku: 3 }] },
      { lines: [{ sku: 1 }, { sku: 3 }] },
    )
    expect(changes).toEqual([{ path: 'lines[1]', kind: 'removed', before: { sku: 2 }, after: undefined }])
  })

  it('takes an object that became a list for one change', () => {
    expect(changesOf({ a: { b: 1 } }, { a: [1] }).map(shortChange)).toEqual(['a {…} → [1]'])
  })
})
