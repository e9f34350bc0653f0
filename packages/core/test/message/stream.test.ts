import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isHeadwaterError } from '../../src/message/errors.ts'
import { aggregateIdOf, aggregateNameOf, checkStreamName, streamName } from '../../src/message/stream.ts'

const aggregates = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/)
const ids = fc.string({ unit: 'grapheme' })

/** Whether a name is refused, by its code. */
function isRefused(stream: string): boolean {
  try {
    checkStreamName(stream)
    return false
  } catch (error) {
    if (!isHeadwaterError(error, 'stream.invalid-name')) throw error
    return true
  }
}

describe('a stream’s name', () => {
  test('tells its aggregate and the aggregate’s id, dashes in the id or not', () => {
    fc.assert(
      fc.property(aggregates, fc.oneof(ids, fc.uuid()), (aggregate, id) => {
        const stream = streamName(aggregate, id)
        expect([aggregateNameOf(stream), aggregateIdOf(stream)]).toEqual([aggregate, id])
      }),
    )
  })

  test('without a dash is its aggregate and its id', () => {
    expect([aggregateNameOf('singleton'), aggregateIdOf('singleton')]).toEqual(['singleton', 'singleton'])
  })

  test('may be any text of up to 512 characters without control characters', () => {
    const names = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
      .filter((name) => !/\p{Cc}/u.test(name))
    fc.assert(
      fc.property(names, (name) => {
        expect(checkStreamName(name)).toBe(name)
      }),
    )
    expect(checkStreamName('x'.repeat(512))).toHaveLength(512)
  })

  test('may not be empty or longer', () => {
    expect(isRefused('')).toBe(true)
    expect(isRefused('x'.repeat(513))).toBe(true)
  })

  test('may not hold a control character', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 0, max: 0x1f }), ids, (before, code, after) => {
        expect(isRefused(`${before}${String.fromCharCode(code)}${after}`)).toBe(true)
      }),
    )
    expect(isRefused('a\u007Fb')).toBe(true)
  })

  test('may not hold half a surrogate pair, which stores write as one and the same replacement', () => {
    expect(isRefused('order-\uD834')).toBe(true)
    expect(isRefused('order-\uDD1E')).toBe(true)
    expect(checkStreamName('order-\uD834\uDD1E')).toBe('order-𝄞')
  })
})
