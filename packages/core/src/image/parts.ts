/** Entries in one part, and what they weigh: about as many characters as they are written with. */
const mostEntries = 500
const heaviest = 64 * 1024

export type Entry = readonly [key: string, value: unknown]

/**
 * Cuts entries into parts, each of which is written and read in some milliseconds, however large the entries are: a part
 * is as many as weigh little together, or one alone.
 */
export function* inParts(entries: Iterable<Entry>): Generator<readonly Entry[]> {
  let part: Entry[] = []
  let weight = 0
  for (const entry of entries) {
    const more = weightOf(entry)
    if (part.length === mostEntries || (part.length > 0 && weight + more > heaviest)) {
      yield part
      part = []
      weight = 0
    }
    part.push(entry)
    weight += more
  }
  if (part.length > 0) yield part
}

function weightOf(value: unknown): number {
  if (typeof value === 'string') return value.length + 3
  if (typeof value !== 'object' || value === null) return 6
  if (ArrayBuffer.isView(value)) return value.byteLength
  let weight = 2
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) {
    for (const item of value) weight += weightOf(item)
    return weight
  }
  for (const [name, item] of Object.entries(value)) weight += name.length + 4 + weightOf(item)
  return weight
}
