import fc from 'fast-check'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { deriveId, eventId, newId, parseEventId, timeOfId } from '../../src/message/identity.ts'

const commandIds = fc.string({ unit: 'grapheme', minLength: 1 })
const ordinals = fc.integer({ min: 1, max: 999_999_999_999_999 })
const parts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer()), { maxLength: 4 })

describe('an event id', () => {
  test('tells its command id and ordinal, whatever the command id', () => {
    fc.assert(
      fc.property(commandIds, ordinals, (commandId, ordinal) => {
        expect(parseEventId(eventId(commandId, ordinal))).toEqual({ commandId, ordinal })
      }),
    )
  })

  test('is the only text that is taken for it', () => {
    const almost = fc.tuple(
      fc.string(),
      fc.constantFrom('.', '.0', '.01', '.+1', '.1e3', '.0x1', '. 1', '.1 ', '.1.0', '.', ''),
    )
    const texts = fc.oneof(
      fc.string(),
      almost.map(([id, end]) => `${id}${end}`),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseEventId(text)
        expect(parsed && eventId(parsed.commandId, parsed.ordinal)).toBe(parsed && text)
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    '',
    'a',
    '.1',
    'a.',
    'a.0',
    'a.-1',
    'a.b',
    'a.1.5x',
    'a.01',
    'a.1e3',
    'a. 1',
    'a.99999999999999999999',
  ])('is not %j', (text) => {
    expect(parseEventId(text)).toBeUndefined()
  })
})

describe('a derived id', () => {
  test('is the same for the same parts, in every process and every version', () => {
    expect(deriveId('command', '0190c8a0-0000-7000-8000-000000000000', 1)).toBe(
      '244cfd85-3234-5d52-9bf9-0592bad00bbc',
    )
    expect(deriveId('natural', '', 'email:ada@example.org')).toBe('1b762aff-8825-52d9-97ab-d53c9badc4dd')
    expect(deriveId()).toBe('e548b71c-49b4-58b1-bf92-31061473dedf')
  })

  test('is a name-based UUID', () => {
    fc.assert(
      fc.property(parts, (given) => {
        expect(deriveId(...given)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        )
      }),
    )
  })

  test('differs wherever the parts differ', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const areSame = one.length === other.length && one.every((part, index) => part === other[index])
        expect(deriveId(...one) === deriveId(...other)).toBe(areSame)
      }),
      { numRuns: 1_000 },
    )
  })

  test('differs however the same letters are cut into parts', () => {
    const cuts = [
      ['ab'],
      ['a', 'b'],
      ['a', '', 'b'],
      ['', 'ab'],
      ['ab', ''],
      ['"a","b"'],
      ['a"', '"b'],
      ['a,b'],
      ['[', 'ab'],
      [],
    ]
    const ids = cuts.map((cut) => deriveId(...cut))
    expect(new Set(ids).size).toBe(cuts.length)
  })

  test('tells a number from the text of it', () => {
    expect(deriveId('handler', 1)).not.toBe(deriveId('handler', '1'))
  })
})

describe('a new id', () => {
  test('sorts behind all that were made before', () => {
    const ids = Array.from({ length: 10_000 }, newId)
    expect(ids).toEqual([...new Set(ids)].toSorted())
  })

  test('tells when it was made', () => {
    const before = Date.now()
    const time = timeOfId(newId())
    expect(time).toBeGreaterThanOrEqual(before)
    // Ids that are made faster than the clock ticks may run ahead of it.
    expect(time).toBeLessThanOrEqual(Date.now() + 10)
  })

  test('tells any time that it may have been made at', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 48 - 1 }), (time) => {
        expect(timeOfId(v7({ msecs: time }))).toBe(time)
      }),
    )
  })

  test('is the only kind of id that tells a time', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uuid({ version: [1, 4, 5] }),
          fc.string(),
          parts.map((given) => deriveId(...given)),
        ),
        (id) => {
          expect(timeOfId(id)).toBeUndefined()
        },
      ),
    )
  })
})
