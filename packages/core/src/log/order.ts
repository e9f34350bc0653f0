import type { Scalar } from './store.ts'

/** The order of all values: null, then numbers (a boolean is 0 or 1), then text by code points. */
export function compareScalars(one: Scalar, other: Scalar): number {
  const a = comparable(one)
  const b = comparable(other)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return rank(a) - rank(b)
}

function comparable(value: Scalar): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value
}

function rank(value: string | number | null): number {
  return value === null ? 0 : typeof value === 'number' ? 1 : 2
}

/** The order of code points, which is that of UTF-8; JavaScript's own is that of UTF-16. */
export function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index++) {
    const a = one.charCodeAt(index)
    const b = other.charCodeAt(index)
    if (a !== b) return codePointRank(a) - codePointRank(b)
  }
  return one.length - other.length
}

// Surrogates, halves of the code points from U+10000 on, stand below U+E000 … U+FFFF in UTF-16 but belong above them.
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit
}

/** The first text by code points that is after all that begin with a text; undefined: there is none. */
export function textAfter(text: string): string | undefined {
  const points = Array.from(text, (letter) => letter.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    // Surrogates are no code points of a text.
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return undefined
}
