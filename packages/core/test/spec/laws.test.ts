import fc from 'fast-check'
import { expect, test } from 'vitest'
import { like } from '@headwater/core/spec'
import { align } from '../../src/spec/align.ts'
import { differences, settled } from '../../src/spec/difference.ts'

const json = fc.jsonValue({ maxDepth: 3 })
/** Values of which some are the same. */
const near = fc.jsonValue({ maxDepth: 1 })
const fit = (one: string, other: string): number => (one === other ? 0 : one[0] === other[0] ? 3 : 5)
const words = fc.array(fc.constantFrom<string>('a1', 'a2', 'b1', 'b2', 'c1'), { maxLength: 8 })

test('a value does not differ from itself, nor from its copy', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(differences(value, value)).toEqual([])
      expect(differences(value, structuredClone(value))).toEqual([])
    }),
  )
})

test('two values differ one way if and only if they differ the other way, at the same places', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      const places = (found: ReturnType<typeof differences>) => found.map(({ path }) => path).sort()
      expect(places(differences(one, other))).toEqual(places(differences(other, one)))
    }),
  )
})

test('values that don’t differ are the same JSON', () => {
  fc.assert(
    fc.property(near, near, (one, other) => {
      fc.pre(differences(one, other).length === 0)
      expect(JSON.parse(JSON.stringify(one))).toEqual(other)
    }),
  )
})

test('what is settled is the actual value if and only if nothing differs', () => {
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(differences(settled(one, other), other).length === 0).toBe(differences(one, other).length === 0)
    }),
  )
})

test('what is settled of a description shows what differs and nothing else', () => {
  const described = like({ events: [like({ id: 1 })], head: 2 })
  const actual = { events: [{ id: 7, type: 'a' }], head: 2, more: true }
  expect(settled(described, actual)).toEqual({ events: [{ id: 1, type: 'a' }], head: 2, more: true })
})

test('lists are aligned whole and in order', () => {
  fc.assert(
    fc.property(words, words, (ones, others) => {
      const pairs = align(ones, others, fit)
      expect(pairs.flatMap(({ one }) => one ?? [])).toEqual(ones)
      expect(pairs.flatMap(({ other }) => other ?? [])).toEqual(others)
    }),
  )
})

test('no alignment pairs what does not belong together, and equal lists pair by pair', () => {
  fc.assert(
    fc.property(words, words, (ones, others) => {
      const letters = align(ones, others, fit).map(({ one = '?', other = '?' }) => `${one[0]}${other[0]}`)
      expect(letters.filter((pair) => !/^(.)\1$|\?/.test(pair))).toEqual([])
      expect(align(ones, ones, fit).every(({ one, other }) => one === other)).toBe(true)
    }),
  )
})

test('a list with one item more is aligned with that item alone', () => {
  fc.assert(
    fc.property(words, fc.nat(8), (ones, at) => {
      const others = ones.toSpliced(Math.min(at, ones.length), 0, 'new')
      const alone = align(ones, others, fit).filter(({ one }) => one === undefined)
      expect(alone).toEqual([{ one: undefined, other: 'new' }])
    }),
  )
})

test('values that hold themselves are compared', () => {
  const looped = () => {
    const value: { self?: unknown; name: string } = { name: 'a' }
    value.self = value
    return value
  }
  expect(differences(looped(), looped())).toEqual([])
})

test('maps, sets, dates and bytes are compared by what they hold', () => {
  expect(differences(new Map([['a', { b: 1 }]]), new Map([['a', { b: 2 }]]))).toEqual([
    { path: '["a"].b', expected: 1, actual: 2 },
  ])
  expect(differences(new Set([1, 2]), new Set([1, 3]))).toEqual([{ path: '[1]', expected: 2, actual: 3 }])
  expect(differences(new Date(1), new Date(1))).toEqual([])
  expect(differences(new Date(1), new Date(2))).toHaveLength(1)
  expect(differences(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toEqual([
    { path: '[1]', expected: 2, actual: 3 },
  ])
})

test('matchers of test frameworks stand for what they match', () => {
  expect(differences({ id: expect.any(String), at: expect.anything() }, { id: 'x', at: 1 })).toEqual([])
  expect(differences({ id: expect.any(String) }, { id: 1 })).toHaveLength(1)
})
