/**
 * The keys under which the history of a key is stored, among those of all other keys of a view. What a key has open is
 * found by one key; what is full stands in the order of positions.
 */
const mark = '\u0001'

/** No key's rows stand between those of another one. */
function prefixOf(key: string): string {
  // Behind a mark that ends a key stands a letter.
  return `${key.replaceAll(mark, mark + mark)}${mark}`
}

const padded = (position: number): string => String(position).padStart(16, '0')

/** Of the segment that is not full yet. */
export function openKey(key: string): string {
  return `${prefixOf(key)}open`
}

/** Of a full segment, by its first position. */
export function segmentKey(key: string, first: number): string {
  return `${prefixOf(key)}segment${padded(first)}`
}

/** Of the document as it stood after the event at a position. */
export function versionKey(key: string, position: number): string {
  return `${prefixOf(key)}version${padded(position)}`
}
