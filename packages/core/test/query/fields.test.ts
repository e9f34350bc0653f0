import { fieldsOf, inputOfFields, jsonSchemaOf } from '@headwater/core'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Address = z.object({ city: z.string() })
const schemas = {
  text: z.string(),
  number: z.number(),
  int: z.int().optional(),
  flag: z.boolean().default(false),
  nothing: z.number().nullable(),
  either: z.union([z.string(), z.number()]),
  list: z.array(z.number()),
  texts: z.array(z.string()).optional(),
  one: z.union([z.number(), z.array(z.number())]),
  choice: z.enum(['a', '1']),
  literal: z.literal([1, 2]),
  address: Address,
  again: Address.optional(),
}
const All = z.object(schemas).partial()
const schema = jsonSchemaOf(All, 'input') ?? null

describe('a field that is text becomes', () => {
  it.each<[name: keyof typeof schemas, values: readonly string[], value: unknown]>([
    ['text', ['12'], '12'],
    ['text', ['true'], 'true'],
    ['text', [''], ''],
    ['text', ['a', 'b'], ['a', 'b']],
    ['number', ['12'], 12],
    ['number', ['-1.5e3'], -1500],
    ['number', ['012'], '012'],
    ['number', ['0x1f'], '0x1f'],
    ['number', [''], ''],
    ['int', ['7'], 7],
    ['flag', ['true'], true],
    ['flag', ['false'], false],
    ['flag', ['yes'], 'yes'],
    ['nothing', ['null'], null],
    ['nothing', ['3'], 3],
    ['either', ['3'], '3'],
    ['list', ['3'], [3]],
    ['list', ['3', '4', 'x'], [3, 4, 'x']],
    ['texts', ['3'], ['3']],
    ['one', ['3'], 3],
    ['one', ['3', '4'], [3, 4]],
    ['choice', ['1'], '1'],
    ['literal', ['2'], 2],
    ['address', ['{"city":"Rome"}'], { city: 'Rome' }],
    ['again', ['{"city":'], '{"city":'],
  ])('%s=%j %j', (name, values, value) => {
    expect(inputOfFields(schema, { [name]: values })).toEqual({ [name]: value })
  })

  it('text where there is no schema', () => {
    expect(inputOfFields(null, { a: ['1'], b: ['1', '2'] })).toEqual({ a: '1', b: ['1', '2'] })
  })

  it('what it was, through any schema that it is valid for', () => {
    const values = fc.record(
      {
        text: fc.string(),
        number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
        flag: fc.boolean(),
        int: fc.integer(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(values, (given) => {
        const fields = Object.fromEntries(
          Object.entries(given).map(([name, value]) => [name, [String(value)]]),
        )
        expect(inputOfFields(schema, fields)).toEqual(given)
      }),
    )
  })

  it('what the alternatives of a schema say', () => {
    const Shape = z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('circle'), radius: z.number() }),
      z.object({ kind: z.literal('named'), name: z.string() }),
    ])
    const json = jsonSchemaOf(z.object({ shape: Shape }), 'input') ?? null
    expect(inputOfFields(jsonSchemaOf(Shape, 'input') ?? null, { kind: ['circle'], radius: ['2'] })).toEqual({
      kind: 'circle',
      radius: 2,
    })
    expect(inputOfFields(json, { shape: ['{"kind":"circle"}'] })).toEqual({ shape: { kind: 'circle' } })
  })
})

describe('the fields of a schema', () => {
  it('are those that it names', () => {
    expect([...(fieldsOf(schema) ?? [])].sort()).toEqual(Object.keys(schemas).sort())
  })

  it('are not known where it takes any, or says nothing', () => {
    expect(fieldsOf(null)).toBeUndefined()
    expect(fieldsOf(jsonSchemaOf(z.looseObject({ a: z.string() }), 'input') ?? null)).toBeUndefined()
    expect(fieldsOf(jsonSchemaOf(z.union([z.object({}), z.object({})]), 'input') ?? null)).toBeUndefined()
  })
})
