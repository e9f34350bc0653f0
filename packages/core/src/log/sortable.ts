import type { Filter, Scalar } from './store.ts'

/**
 * Values as bytes whose order is the order of values, so that a database which orders bytes orders documents as every store
 * does: null, then numbers (a boolean is 0 or 1), then text by code points.
 */

/** A longer text is cut: what follows is neither ordered nor told apart by its bytes, and has to be looked at again. */
export const longestSortable = 512

const nothing = Uint8Array.of(0)
const encoder = new TextEncoder()

export function sortableBytes(value: Scalar): Uint8Array {
  // A unit of a text is a byte at least.
  const isLong = typeof value === 'string' && value.length > longestSortable
  const bytes = scalarBytes(isLong ? value.slice(0, longestSortable) : value)
  return bytes.length > longestSortable ? bytes.slice(0, longestSortable) : bytes
}

/** The same of a text as a whole. */
export function scalarBytes(value: Scalar): Uint8Array {
  if (value === null) return nothing
  if (typeof value !== 'string') return sortableNumber(Number(value))
  const text = value.isWellFormed() ? encoder.encode(value) : brokenText(value)
  const bytes = new Uint8Array(text.length + 1)
  bytes[0] = 2
  bytes.set(text, 1)
  return bytes
}

/** Half a surrogate pair comes where it does in UTF-16: before all pairs that begin with it, or after every pair. */
function brokenText(text: string): Uint8Array {
  const bytes: number[] = []
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0
    if (point < 0xd800 || point > 0xdfff) bytes.push(...encoder.encode(letter))
    else if (point >= 0xdc00) bytes.push(0xf5, point >> 8, point & 0xff)
    else {
      const pair = encoder.encode(String.fromCodePoint(0x10000 + (point - 0xd800) * 0x400))
      bytes.push(...pair.subarray(0, 3), 0x7f)
    }
  }
  return Uint8Array.from(bytes)
}

function sortableNumber(value: number): Uint8Array {
  const bytes = new Uint8Array(9)
  bytes[0] = 1
  const view = new DataView(bytes.buffer)
  // Minus zero is zero.
  view.setFloat64(1, value + 0)
  // Of positive numbers the sign is turned on, of negative ones every bit is turned over.
  if (view.getUint8(1) < 0x80) view.setUint8(1, view.getUint8(1) | 0x80)
  else for (let index = 1; index < 9; index += 1) view.setUint8(index, view.getUint8(index) ^ 0xff)
  return bytes
}

/** Bytes from the first on, up to the second, which is not among them; undefined: to the end. */
export interface ByteRange {
  readonly from: Uint8Array
  readonly before: Uint8Array | undefined
}

/**
 * Where the bytes of all values lie that a filter lets through. Others may lie there too: it has to be asked again.
 *
 * @returns undefined: anywhere
 */
export function rangesOf({ operator, value }: Filter): readonly ByteRange[] | undefined {
  const values = typeof value === 'object' && value !== null ? value : [value]
  switch (operator) {
    case 'ne':
      return undefined
    case 'eq':
    case 'in':
      return values.map((one) => rangeAt(sortableBytes(one)))
    case 'prefix':
      return values.map((one) => rangeAt(sortableBytes(one)))
    default:
      return values.flatMap((one) => (one === null ? [] : [orderedRange(operator, sortableBytes(one))]))
  }
}

/** What begins with the bytes; of a value that is not cut only that value does, or a longer text. */
function rangeAt(from: Uint8Array): ByteRange {
  return { from, before: bytesAfter(from) }
}

function orderedRange(operator: 'gt' | 'gte' | 'lt' | 'lte', bytes: Uint8Array): ByteRange {
  // Nulls are neither above nor below anything.
  if (operator === 'gt' || operator === 'gte') return { from: bytes, before: undefined }
  return { from: Uint8Array.of(1), before: bytesAfter(bytes) }
}

/** The first bytes behind all that begin with these; undefined: there are none. */
export function bytesAfter(bytes: Uint8Array): Uint8Array | undefined {
  for (let index = bytes.length - 1; index >= 0; index -= 1) {
    const byte = bytes[index] ?? 0xff
    if (byte === 0xff) continue
    // A copy: what a Buffer gives as a slice is its own memory.
    const after = Uint8Array.from(bytes.subarray(0, index + 1))
    after[index] = byte + 1
    return after
  }
  return undefined
}
