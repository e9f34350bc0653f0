import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonCodec, type PayloadKind } from '../../src/message/codec.ts'
import { isHeadwaterError } from '../../src/message/errors.ts'

const kinds = fc.constantFrom<PayloadKind>('event', 'command', 'rejection', 'document')
// JSON knows no negative zero.
const values = fc
  .jsonValue({ noUnicodeString: false })
  .map((value): unknown => JSON.parse(JSON.stringify(value)))

const encode = (value: unknown) => jsonCodec.encode('event', 'Happened', 1, value)

describe('the JSON codec', () => {
  test('gives back what it encoded', () => {
    fc.assert(
      fc.property(kinds, values, (kind, value) => {
        const encoded = jsonCodec.encode(kind, 'Happened', 1, value)
        expect(jsonCodec.decode(kind, 'Happened', 1, encoded)).toEqual(value)
      }),
    )
  })

  test('decodes bytes as it decodes text', () => {
    fc.assert(
      fc.property(kinds, values, (kind, value) => {
        const bytes = new TextEncoder().encode(String(encode(value)))
        // Text with half a surrogate pair is escaped by JSON, so nothing is lost in UTF-8.
        expect(jsonCodec.decode(kind, 'Happened', 1, bytes)).toEqual(value)
      }),
    )
  })

  test('encodes the same value as the same text', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(encode(structuredClone(value))).toBe(encode(value))
      }),
    )
  })

  test('encodes nothing as null', () => {
    expect(encode(undefined)).toBe('null')
  })

  test.each([
    ['a cycle', cycle],
    ['a BigInt', () => ({ n: 1n })],
    ['an object that refuses', () => ({ toJSON: () => fail() })],
  ])('refuses %s with codec.failed', (_, make) => {
    expect(() => encode(make())).toThrow(expect.toSatisfy((error) => isHeadwaterError(error, 'codec.failed')))
  })

  test.each([
    '',
    '{',
    'undefined',
    '{"a":1}}',
    new Uint8Array([0xff, 0xfe]),
  ])('refuses to decode %j with codec.failed', (stored) => {
    expect(() => jsonCodec.decode('event', 'Happened', 1, stored)).toThrow(
      expect.toSatisfy((error) => isHeadwaterError(error, 'codec.failed')),
    )
  })
})

function cycle(): unknown {
  const one: { self?: unknown } = {}
  one.self = one
  return one
}

function fail(): never {
  throw new Error('no')
}
