import type { Fault, JsonSchema } from '@headwater/client'
import { isObject } from '../../format/json.ts'

/** One part of a command in a form. */
export interface SchemaFieldProps {
  readonly name: string
  readonly schema: JsonSchema
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly required: boolean
  /** Where this is in the data, as a JSON pointer, and what the server said is wrong there and below. */
  readonly pointer: string
  readonly faults: readonly Fault[]
}

/** Which kind of input a schema asks for; what is too free for an input is written as JSON. */
export type InputKind = 'text' | 'number' | 'boolean' | 'choice' | 'object' | 'list' | 'json'

export function kindOf(schema: JsonSchema): InputKind {
  if (schema.enum) return 'choice'
  if (schema.const !== undefined) return 'choice'
  if (schema.type === 'string') return 'text'
  if (schema.type === 'number' || schema.type === 'integer') return 'number'
  if (schema.type === 'boolean') return 'boolean'
  if (schema.type === 'object' && schema.properties) return 'object'
  if (schema.type === 'array' && schema.items) return 'list'
  return 'json'
}

export function choicesOf(schema: JsonSchema): readonly unknown[] {
  return schema.enum ?? [schema.const]
}

/** What a form starts with: defaults, and the least that the shape needs. Optional parts stay out. */
export function startOf(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default
  switch (kindOf(schema)) {
    case 'choice':
      return choicesOf(schema)[0]
    case 'boolean':
      return false
    case 'object': {
      const required = schema.required ?? []
      const entries = Object.entries(schema.properties ?? {})
      return Object.fromEntries(
        entries.filter(([name]) => required.includes(name)).map(([name, part]) => [name, startOf(part)]),
      )
    }
    case 'list':
      return [startOf(schema.items ?? {})]
    default:
      return undefined
  }
}

/** The same value with one field set; undefined takes the field out. */
export function withField(value: unknown, name: string, part: unknown): Record<string, unknown> {
  const { [name]: _, ...others } = isObject(value) ? value : {}
  if (part === undefined) return others
  return isObject(value) && Object.hasOwn(value, name)
    ? { ...value, [name]: part }
    : { ...others, [name]: part }
}
