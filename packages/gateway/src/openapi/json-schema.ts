/** A JSON Schema (draft 2020-12) as OpenAPI 3.1 has it. */
export type Schema = boolean | { readonly [keyword: string]: unknown }

/** Keywords that hold schemas by names that mean nothing to JSON Schema. */
const maps: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  'dependentSchemas',
  '$defs',
  'definitions',
])
/** Keywords that hold data: what looks like a reference in there is none. */
const data: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples', 'example'])

/** Where the schemas of a document are. */
export function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/**
 * Puts a schema that stood alone into a document: a reference of it was to its own root, which is another one now. What
 * it defines moves beside it.
 *
 * @param components gets the schema under `name`, its definitions under `name.<definition>`
 */
export function addSchema(
  components: Map<string, Schema>,
  name: string,
  schema: Record<string, unknown> | null,
): void {
  if (schema === null) {
    components.set(name, { description: 'The schema’s library gives no JSON Schema for it.' })
    return
  }
  for (const keyword of ['$defs', 'definitions']) {
    const definitions = schema[keyword]
    if (!isObject(definitions)) continue
    for (const [definition, inner] of Object.entries(definitions)) {
      components.set(`${name}.${safe(definition)}`, asSchema(moved(inner, name)))
    }
  }
  const { $schema: _dialect, $id: _id, $defs: _defs, definitions: _definitions, ...rest } = schema
  components.set(name, asSchema(moved(rest, name)))
}

function moved(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => moved(item, name))
  if (!isObject(value)) return value
  const result: Record<string, unknown> = {}
  for (const [keyword, inner] of Object.entries(value)) {
    if (keyword === '$ref' && typeof inner === 'string') result[keyword] = movedReference(inner, name)
    else if (data.has(keyword)) result[keyword] = inner
    else if (maps.has(keyword) && isObject(inner)) result[keyword] = mapped(inner, name)
    else result[keyword] = moved(inner, name)
  }
  return result
}

function mapped(schemas: Record<string, unknown>, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schemas).map(([key, inner]) => [key, moved(inner, name)]))
}

function movedReference(target: string, name: string): string {
  const definition = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(target)?.[1]
  if (definition !== undefined) return `#/components/schemas/${name}.${safe(decodeURIComponent(definition))}`
  return target.startsWith('#') ? `#/components/schemas/${name}${target.slice(1)}` : target
}

/** Component names are letters, digits, dots, dashes and underscores. */
function safe(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_')
}

function asSchema(value: unknown): Schema {
  return typeof value === 'boolean' || isObject(value) ? value : true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object whose fields are all there unless named optional. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, required }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}
