/**
 * The first part of a value that did not survive being stored and read, in words; undefined: all of it did. A field that
 * is undefined is as good as none, and a negative zero is a zero.
 *
 * @param copy what was read
 */
export function lostPart(value: unknown, copy: unknown, path = ''): string | undefined {
  if (value === copy || (Number.isNaN(value) && Number.isNaN(copy))) return undefined
  if (!isObject(value) || !isObject(copy)) return lost(value, copy, path)
  const kind = kindOf(value)
  if (kind !== kindOf(copy)) return lost(value, copy, path)
  if (value instanceof Date && copy instanceof Date)
    return value.getTime() === copy.getTime() ? undefined : lost(value, copy, path)
  if (value instanceof Map && copy instanceof Map) return lostPart([...value], [...copy], path)
  if (value instanceof Set && copy instanceof Set) return lostPart([...value], [...copy], path)
  if (ArrayBuffer.isView(value) && ArrayBuffer.isView(copy))
    return lostPart(Array.from(bytesOf(value)), Array.from(bytesOf(copy)), path)
  return lostField(value, copy, path) ?? (isPlain(kind) ? undefined : lostKind(value, copy, path))
}

function lostField(value: object, copy: object, path: string): string | undefined {
  const [before, after] = [fieldsOf(value), fieldsOf(copy)]
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const part = path === '' ? key : `${path}.${key}`
    const found = lostPart(before.get(key), after.get(key), part)
    if (found !== undefined) return found
  }
  return undefined
}

function fieldsOf(value: object): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(value).filter(([, part]) => part !== undefined))
}

/** What is neither a plain object nor a list holds more than its fields: it would have to be read by its own code. */
function lostKind(value: object, copy: object, path: string): string | undefined {
  return Object.getPrototypeOf(value) === Object.getPrototypeOf(copy) ? undefined : lost(value, copy, path)
}

function lost(value: unknown, copy: unknown, path: string): string {
  const where = path === '' ? 'it' : path
  return `${where} was ${inWords(value)} and came back as ${inWords(copy)}`
}

function inWords(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  const kind = kindOf(value)
  return isPlain(kind) ? (kind === 'Array' ? 'a list' : 'an object') : `a ${kind}`
}

function kindOf(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value)) return 'Array'
  if (prototype === null || prototype === Object.prototype) return 'Object'
  return value.constructor.name
}

function isPlain(kind: string): boolean {
  return kind === 'Array' || kind === 'Object'
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
