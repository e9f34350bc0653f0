import { Likeness } from './like.ts'

/** Where two values differ; a side that is not there at all is {@link nothing}. */
export interface Difference {
  /** `data.lines[0].total`; empty: the values themselves. */
  readonly path: string
  readonly expected: unknown
  readonly actual: unknown
}

/** Stands for what is not there. */
export const nothing: unique symbol = Symbol('nothing')

/** What test frameworks put in the place of a value: `expect.any(String)` of vitest and jest, `sinon.match`. */
interface Matcher {
  asymmetricMatch(actual: unknown): boolean
}

/**
 * All places in which a value isn't as expected, in the order of the expected value. A property that is undefined counts
 * as one that isn't there, as it won't be once it has been stored. Classes are compared by their properties.
 */
export function differences(expected: unknown, actual: unknown): readonly Difference[] {
  const comparison = new Comparison()
  comparison.compare(expected, actual, '', false)
  return comparison.found
}

class Comparison {
  readonly found: Difference[] = []
  /** What is being compared with what: values that hold themselves are compared once. */
  readonly #met = new Map<object, Set<object>>()

  /** @param isPartial whether the expected value describes only a part */
  compare(expected: unknown, actual: unknown, path: string, isPartial: boolean): void {
    if (expected instanceof Likeness) return this.compare(expected.part, actual, path, true)
    const isAsDescribed = describes(expected, actual, isPartial)
    if (isAsDescribed ?? Object.is(expected, actual)) return
    if (
      isAsDescribed === false ||
      !isObject(expected) ||
      !isObject(actual) ||
      kindOf(expected) !== kindOf(actual)
    ) {
      this.found.push({ path, expected, actual })
      return
    }
    const others = this.#met.get(expected) ?? new Set()
    if (others.has(actual)) return
    this.#met.set(expected, others.add(actual))
    this.#compareParts(partsOf(expected), partsOf(actual), path, isPartial)
  }

  #compareParts(expected: Parts, actual: Parts, path: string, isPartial: boolean): void {
    for (const [step, value] of expected) {
      const place = join(path, step)
      if (actual.has(step)) this.compare(value, actual.get(step), place, isPartial)
      else if (describes(value, undefined, isPartial) !== true)
        this.found.push({ path: place, expected: value, actual: nothing })
    }
    for (const [step, value] of actual) {
      // Of what is described in part, only lists are whole.
      const isUnnamed = isPartial && !step.startsWith('[')
      if (!expected.has(step) && !isUnnamed)
        this.found.push({ path: join(path, step), expected: nothing, actual: value })
    }
  }
}

/** Whether a value is as a matcher or a function describes it; undefined: the expected value is neither. */
function describes(expected: unknown, actual: unknown, isPartial: boolean): boolean | undefined {
  if (isMatcher(expected)) return expected.asymmetricMatch(actual)
  return isPartial && typeof expected === 'function' ? expected(actual) === true : undefined
}

/** Values of two kinds differ as a whole. */
function kindOf(value: object): string {
  if (Array.isArray(value)) return 'list'
  if (value instanceof Date) return `time ${value.getTime()}`
  if (value instanceof Error) return `error ${value.message}`
  if (ArrayBuffer.isView(value)) return 'bytes'
  return value instanceof Map ? 'map' : value instanceof Set ? 'set' : 'object'
}

type Parts = ReadonlyMap<string, unknown>

/** What an object holds, by the step that leads there; an index or a key stands in brackets. */
function partsOf(value: object): Parts {
  if (value instanceof Map) return bracketed(value)
  if (value instanceof Set) return bracketed([...value].entries())
  if (Array.isArray(value) || value instanceof Uint8Array) return bracketed(value.entries())
  return new Map(Object.entries(value).filter(([, inner]) => inner !== undefined))
}

function bracketed(entries: Iterable<readonly [unknown, unknown]>): Parts {
  const step = (key: unknown) => `[${typeof key === 'string' ? JSON.stringify(key) : String(key)}]`
  return new Map([...entries].map(([key, value]) => [step(key), value]))
}

function join(path: string, step: string): string {
  if (step.startsWith('[')) return path + step
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) return `${path}[${JSON.stringify(step)}]`
  return path === '' ? step : `${path}.${step}`
}

/**
 * The expected value with the actual one wherever that is as described, so that a runner's own comparison of the two
 * shows only what differs.
 */
export function settled(expected: unknown, actual: unknown): unknown {
  if (differences(expected, actual).length === 0) return actual
  if (expected instanceof Likeness) return settledPart(expected.part, actual)
  if (Array.isArray(expected) && Array.isArray(actual))
    return expected.map((value, index) => settled(value, actual[index]))
  if (!isPlain(expected) || !isPlain(actual)) return expected
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [key, settled(value, actual[key])]),
  )
}

/** What is described, and of the rest what there is. */
function settledPart(part: unknown, actual: unknown): unknown {
  const within = (inner: unknown, value: unknown) => settled(new Likeness(inner), value)
  if (part instanceof Likeness) return settledPart(part.part, actual)
  if (Array.isArray(part) && Array.isArray(actual))
    return part.map((inner, index) => within(inner, actual[index]))
  if (!isPlain(part) || !isPlain(actual)) return part
  const described = Object.entries(part).map(([key, inner]) => [key, within(inner, actual[key])])
  return { ...actual, ...Object.fromEntries(described) }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && kindOf(value) === 'object' && !isMatcher(value)
}

function isMatcher(value: unknown): value is Matcher {
  return isObject(value) && 'asymmetricMatch' in value && typeof value.asymmetricMatch === 'function'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
