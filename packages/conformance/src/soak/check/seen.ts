import type { Seen } from '../entries.ts'
import type { FindingKind } from './finding.ts'

/**
 * How what a reader saw differs from what it should have seen; both by position or revision.
 *
 * @param tell gets the number that it is about
 */
export function compareSeen(
  expected: readonly Seen[],
  seen: readonly Seen[],
  tell: (kind: FindingKind, number: number) => void,
): void {
  const wanted = new Map(expected)
  const had = new Set<number>()
  let last = Number.NEGATIVE_INFINITY
  for (const [number, digest] of seen) {
    if (had.has(number)) tell('duplicated', number)
    else if (number < last) tell('reordered', number)
    else if (!wanted.has(number)) tell('dirty', number)
    else if (wanted.get(number) !== digest) tell('altered', number)
    had.add(number)
    last = Math.max(last, number)
  }
  for (const [number] of expected) if (!had.has(number)) tell('skipped', number)
}
