/** A JSON Schema (draft 2020-12), as far as it is looked into here. */
type JsonSchema = Readonly<Record<string, unknown>>

/** Fields as they stand in an address or on a command line: every value is text, and may be there more than once. */
export type TextFields = Readonly<Record<string, readonly string[]>>

/**
 * The input of a query from fields that are text: what its schema wants as a number, a boolean, a list or an object is read
 * as such, where it looks like it. What doesn't is left as text, for the schema to refuse.
 *
 * @param schema the JSON Schema of the input; null: all is text
 */
export function inputOfFields(
  schema: JsonSchema | null,
  fields: TextFields,
): Readonly<Record<string, unknown>> {
  const known = schema === null ? new Map<string, readonly JsonSchema[]>() : propertiesOf(schema)
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [
      name,
      valueOf(known.get(name) ?? [], schema ?? {}, values),
    ]),
  )
}

/** The fields that a schema names; undefined: it takes any, or doesn't say. */
export function fieldsOf(schema: JsonSchema | null): ReadonlySet<string> | undefined {
  if (schema === null || schema['type'] !== 'object' || isOpen(schema)) return undefined
  return new Set(propertiesOf(schema).keys())
}

/** A schema may take what it doesn't name. */
function isOpen({ additionalProperties, patternProperties }: JsonSchema): boolean {
  return (
    patternProperties !== undefined || (additionalProperties !== undefined && additionalProperties !== false)
  )
}

function propertiesOf(root: JsonSchema): Map<string, readonly JsonSchema[]> {
  const found = new Map<string, readonly JsonSchema[]>()
  for (const part of alternatives(root, root)) {
    const properties = part['properties']
    if (!isSchema(properties)) continue
    for (const [name, inner] of Object.entries(properties))
      if (isSchema(inner)) found.set(name, [...(found.get(name) ?? []), inner])
  }
  return found
}

/** A schema and all those that stand beside it or instead of it, references followed. */
function alternatives(
  schema: JsonSchema,
  root: JsonSchema,
  seen: Set<JsonSchema> = new Set(),
): readonly JsonSchema[] {
  if (seen.has(schema)) return []
  seen.add(schema)
  const referred = definitionOf(schema['$ref'], root)
  const inner = ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const list = schema[keyword]
    return Array.isArray(list) ? list.filter(isSchema) : []
  })
  return [
    schema,
    ...[...(referred === undefined ? [] : [referred]), ...inner].flatMap((part) =>
      alternatives(part, root, seen),
    ),
  ]
}

function definitionOf(reference: unknown, root: JsonSchema): JsonSchema | undefined {
  if (reference === '#') return root
  const [, keyword = '', name = ''] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(String(reference)) ?? []
  const definitions = root[keyword]
  const found = isSchema(definitions) ? definitions[decodeURIComponent(name)] : undefined
  return isSchema(found) ? found : undefined
}

function valueOf(schemas: readonly JsonSchema[], root: JsonSchema, values: readonly string[]): unknown {
  const parts = schemas.flatMap((schema) => alternatives(schema, root))
  const types = new Set(parts.flatMap(typesOf))
  if (types.has('array') && (values.length > 1 || types.size === 1)) {
    const items = parts.flatMap(({ items: inner }) => (isSchema(inner) ? [inner] : []))
    return values.map((value) => valueOf(items, root, [value]))
  }
  const [value = ''] = values
  return values.length > 1 ? values : scalarOf(types, value)
}

function typesOf({ type, const: constant, enum: choices }: JsonSchema): readonly string[] {
  if (type !== undefined) return [type].flat().map(String)
  if (Array.isArray(choices)) return choices.map(typeOf)
  return constant === undefined ? [] : [typeOf(constant)]
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

/** Where text is as good as anything else, it is text. */
function scalarOf(types: ReadonlySet<string>, text: string): unknown {
  if (types.has('string')) return text
  if ((types.has('number') || types.has('integer')) && jsonNumber.test(text)) return Number(text)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.has('null') && text === 'null') return null
  if (types.has('object') && text.startsWith('{')) return parsed(text)
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
