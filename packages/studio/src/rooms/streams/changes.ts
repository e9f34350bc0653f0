import { entriesOf, inline, isContainer, isObject } from '../../format/json.ts'

/** A part of a state as it was before and is after; both sides are there only where it has changed inside. */
export interface Difference {
  readonly name: string
  readonly kind: 'same' | 'added' | 'removed' | 'changed'
  readonly before: unknown
  readonly after: unknown
  /** The parts of a container that is there on both sides. */
  readonly parts?: readonly Difference[]
}

/** What became of each part, in the order of the state after, with what was removed where it stood. */
export function differenceOf(before: unknown, after: unknown, name = ''): Difference {
  const bothObjects = isObject(before) && isObject(after)
  const bothArrays = Array.isArray(before) && Array.isArray(after)
  if (bothObjects || bothArrays) {
    const parts = bothArrays ? itemDifferences(before, after) : fieldDifferences(before, after)
    const same = parts.every((part) => part.kind === 'same')
    return { name, kind: same ? 'same' : 'changed', before, after, parts }
  }
  return { name, kind: equal(before, after) ? 'same' : 'changed', before, after }
}

function fieldDifferences(before: unknown, after: unknown): Difference[] {
  if (!isObject(before) || !isObject(after)) return []
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names.map((name) =>
    sideBySide(name, before[name], after[name], Object.hasOwn(before, name), Object.hasOwn(after, name)),
  )
}

/** Items are matched where they are equal, from both ends; those between are compared one by one. */
function itemDifferences(before: readonly unknown[], after: readonly unknown[]): Difference[] {
  let head = 0
  while (head < before.length && head < after.length && equal(before[head], after[head])) head++
  let tail = 0
  const most = Math.min(before.length, after.length) - head
  while (tail < most && equal(before.at(-1 - tail), after.at(-1 - tail))) tail++
  const removed = before.length - head - tail
  const added = after.length - head - tail
  const differences: Difference[] = []
  for (let index = 0; index < head; index++) differences.push(same(String(index), after[index]))
  for (let index = head; index < head + Math.max(removed, added); index++) {
    const inBefore = index < head + removed
    const inAfter = index < head + added
    differences.push(sideBySide(String(index), before[index], after[index], inBefore, inAfter))
  }
  for (let index = after.length - tail; index < after.length; index++) {
    differences.push(same(String(index), after[index]))
  }
  return differences
}

function same(name: string, value: unknown): Difference {
  return { name, kind: 'same', before: value, after: value }
}

function sideBySide(
  name: string,
  before: unknown,
  after: unknown,
  inBefore: boolean,
  inAfter: boolean,
): Difference {
  if (!inBefore) return { name, kind: 'added', before: undefined, after }
  if (!inAfter) return { name, kind: 'removed', before, after: undefined }
  return differenceOf(before, after, name)
}

export function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return false
  const left = entriesOf(a)
  const right = new Map(entriesOf(b))
  return (
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && equal(value, right.get(name)))
  )
}

export interface Change {
  /** Where in the state: `address.city`, `lines[2].quantity`. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before: unknown
  readonly after: unknown
}

/** All changes between two states, each at the deepest place where both sides are still one thing. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const changes: Change[] = []
  const visit = ({ kind, parts, ...rest }: Difference, path: string) => {
    if (kind === 'same') return
    if (!parts) {
      changes.push({ path, kind, before: rest.before, after: rest.after })
      return
    }
    const inArray = Array.isArray(rest.after)
    for (const part of parts) {
      visit(part, inArray ? `${path}[${part.name}]` : path === '' ? part.name : `${path}.${part.name}`)
    }
  }
  visit(differenceOf(before, after), '')
  return changes
}

/** A change in a few letters: `status placed → paid`, `+ lines [3]`, `− card`. */
export function shortChange({ path, kind, before, after }: Change): string {
  if (kind === 'removed') return `− ${path}`
  if (kind === 'added') return `+ ${path} ${short(after)}`
  return `${path} ${short(before)} → ${short(after)}`
}

function short(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`
  if (isObject(value)) return '{…}'
  const text = inline(value)
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}
