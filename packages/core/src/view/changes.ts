/** A value that an event changed: `lines.0.quantity` from 1 to 2. What is not there is null. */
export interface Change {
  /** Empty: the whole. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** A longer value, as JSON, is told of by its length only. */
const longestValue = 1_000

/**
 * What is another in one value than in another, both JSON: field by field, and item by item.
 *
 * @param most so many changes at most; where there are more, the last one tells of all others at once
 */
export function changesBetween(before: unknown, after: unknown, most: number): readonly Change[] {
  const changes: Change[] = []
  let left = 0
  const compare = (one: unknown, other: unknown, path: string): void => {
    if (isSame(one, other)) return
    if (isHolder(one) && isHolder(other) && Array.isArray(one) === Array.isArray(other)) {
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
        compare(own(one, name), own(other, name), path === '' ? name : `${path}.${name}`)
    } else if (changes.length < most) {
      changes.push({ path, before: shortened(one), after: shortened(other) })
    } else left += 1
  }
  compare(before, after, '')
  if (left === 0) return changes
  const rest = `… and ${left} more`
  return [...changes, { path: '', before: rest, after: rest }]
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined
}

/** Nothing and null are the same: JSON can't tell them apart in a list, and a reader hardly wants to. */
function isSame(one: unknown, other: unknown): boolean {
  return Object.is(one ?? null, other ?? null)
}

function shortened(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  const length = JSON.stringify(value)?.length ?? 0
  return length > longestValue ? `… ${length} characters` : value
}
