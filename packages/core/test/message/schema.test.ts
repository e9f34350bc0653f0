import type { StandardSchemaV1 } from '@standard-schema/spec'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type HeadwaterError, isHeadwaterError } from '../../src/message/errors.ts'
import { describeIssue, jsonSchemaOf, parse, type Schema } from '../../src/message/schema.ts'

function errorOf(schema: Schema, value: unknown): HeadwaterError {
  try {
    parse(schema, value, 'command.invalid', 'Command Do')
  } catch (error) {
    if (isHeadwaterError(error, 'command.invalid')) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** A path, the schema that wants a number at its end, and a value that has a text there. */
type Place = readonly [path: readonly (string | number)[], schema: z.ZodType, value: unknown]

const places: fc.Arbitrary<Place> = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat({ max: 5 })), { maxLength: 5 })
  .map((path) => path.reduceRight<Place>(around, [[], z.number(), 'text']))

function around([path, schema, value]: Place, segment: string | number): Place {
  if (typeof segment === 'string')
    return [[segment, ...path], z.object({ [segment]: schema }), { [segment]: value }]
  const items = Array.from({ length: segment + 1 }, (_, index) => (index === segment ? value : undefined))
  return [[segment, ...path], z.array(z.union([z.undefined(), schema])), items]
}

const objectPlaces = places.filter(([path]) =>
  path.every((segment) => typeof segment === 'string' && segment !== '__proto__'),
)

describe('what a schema refuses', () => {
  test('is told by the path that leads to it', () => {
    fc.assert(
      fc.property(objectPlaces, ([path, schema, value]) => {
        expect(errorOf(schema, value).issues?.map((issue) => issue.path)).toEqual([path])
      }),
    )
  })

  test('is told by the index in a list', () => {
    const schema = z.object({ lines: z.array(z.object({ quantity: z.int().positive() })) })
    const value = { lines: [{ quantity: 1 }, { quantity: 0 }, { quantity: 2 }, {}] }
    expect(errorOf(schema, value).issues?.map(({ path }) => path)).toEqual([
      ['lines', 1, 'quantity'],
      ['lines', 3, 'quantity'],
    ])
  })

  test('is told once per fault, and all of it in the message', () => {
    const schema = z.object({ a: z.string(), b: z.object({ c: z.number() }) })
    const error = errorOf(schema, { a: 1, b: {} })
    expect(error.issues).toHaveLength(2)
    expect(error.message).toMatch(/^Command Do is invalid: a: .+; b\.c: .+$/)
  })

  test('is told with a path of names and numbers, however the library writes them', () => {
    const segments = fc.array(
      fc.oneof(
        fc.string(),
        fc.nat(),
        fc.constant(Symbol('secret')),
        fc.record({ key: fc.oneof(fc.string(), fc.nat()) }),
      ),
    )
    fc.assert(
      fc.property(segments, (path) => {
        const [issue] = errorOf(refusing({ message: 'no', path }), {}).issues ?? []
        const plain = path.map((segment) => (typeof segment === 'object' ? segment.key : segment))
        expect(issue?.path).toEqual(plain.map((key) => (typeof key === 'symbol' ? 'Symbol(secret)' : key)))
      }),
    )
  })

  test('is told without a path where there is none', () => {
    const [issue] = errorOf(refusing({ message: 'no' }), {}).issues ?? []
    expect(issue).toEqual({ path: [], message: 'no' })
    expect(issue && describeIssue(issue)).toBe('no')
  })
})

describe('what a schema accepts', () => {
  test('is given as the schema gives it: defaults filled in, values transformed', () => {
    const schema = z.object({ by: z.int().default(1), name: z.string().transform((name) => name.trim()) })
    expect(parse(schema, { name: ' ada ' }, 'event.invalid', 'Event E')).toEqual({ by: 1, name: 'ada' })
  })

  test('is accepted again in the form that it was given', () => {
    const schema = z.object({ n: z.number(), list: z.array(z.string()), maybe: z.boolean().optional() })
    const values = fc.record(
      {
        n: fc.double({ noNaN: true, noDefaultInfinity: true }),
        list: fc.array(fc.string()),
        maybe: fc.boolean(),
      },
      { requiredKeys: ['n', 'list'] },
    )
    fc.assert(
      fc.property(values, (value) => {
        const once = parse(schema, value, 'event.invalid', 'Event E')
        expect(parse(schema, once, 'event.invalid', 'Event E')).toEqual(once)
      }),
    )
  })
})

test('a schema that validates asynchronously is refused by name', () => {
  const schema = z.string().refine(async () => true)
  expect(() => parse(schema, 'x', 'event.invalid', 'Event E')).toThrow(
    expect.objectContaining({ code: 'schema.asynchronous', message: expect.stringContaining('Event E') }),
  )
})

test('a schema that has no form as JSON Schema gives none', () => {
  expect(jsonSchemaOf(z.date(), 'output')).toBeUndefined()
  expect(jsonSchemaOf(refusing({ message: 'no' }), 'input')).toBeUndefined()
})

test('a schema’s two sides differ where it fills in a default', () => {
  const schema = z.object({ by: z.int().default(1) })
  expect(jsonSchemaOf(schema, 'input')).not.toHaveProperty('required')
  expect(jsonSchemaOf(schema, 'output')).toHaveProperty('required', ['by'])
})

function refusing(issue: StandardSchemaV1.Issue): Schema {
  return { '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [issue] }) } }
}
