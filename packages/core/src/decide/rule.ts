import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError, type Issue } from '../message/errors.ts'
import { deepFreeze } from '../message/freeze.ts'
import { instantOf, isTimeZone } from './rule-dates.ts'

/** What applies from one date to another. */
export interface RuleEntry<Value> {
  /**
   * The first moment at which it applies: a date (`2018-02-01`, midnight in the rule's time zone), a time with its offset
   * (`2018-02-01T06:00+01:00`), or a Date. Without it: from the beginning of time.
   */
  readonly from?: string | Date
  /** The first moment at which it applies no longer; default: where the next entry begins. */
  readonly to?: string | Date
  /** Data or a function; frozen. */
  readonly value: Value
}

export interface RuleOptions {
  readonly description?: string
  /** The IANA name of the zone in which dates without an offset are meant: `Europe/Berlin`. Default: `UTC`. */
  readonly timeZone?: string
}

/** An entry of a rule with its dates as instants. */
export interface RulePeriod<Value = unknown> {
  /** Epoch milliseconds; -Infinity: from the beginning of time. */
  readonly from: number
  /** Epoch milliseconds, exclusive; Infinity: for good. */
  readonly to: number
  readonly value: Value
  /** Null: of all tenants. */
  readonly tenant: string | null
  /** Another one for another value, or for a function of another text. */
  readonly fingerprint: string
}

/**
 * Something that is laid down and changes on dates: a tax rate, a price list, how something is posted. What applies is
 * what was in force when the event occurred, however late it is recorded or how often it is replayed.
 * (S004's rules by date; Martin Fowler's agreement dispatcher.)
 */
export interface Rule<Value = unknown> {
  readonly kind: 'rule'
  readonly name: string
  readonly description: string | undefined
  readonly timeZone: string
  /** What lies above wins where it is in force. Each layer is in the order of time. */
  readonly layers: readonly (readonly RulePeriod<Value>[])[]
  /** The same for a rule and for all that `with` made of it. */
  readonly origin: object
  /**
   * The value that is in force at an instant, as this rule says. Decisions and folds ask their context instead, which
   * knows what the app says.
   *
   * @throws HeadwaterError `rule.not-in-force`
   */
  at(instant: Date, options?: { readonly tenant?: string }): Value
  /**
   * The rule with further entries on top: they win where they are in force, elsewhere it is what it was. For a tenant they
   * count for that tenant alone.
   *
   * @throws HeadwaterError `app.invalid`
   */
  with(entries: readonly RuleEntry<Value>[], options?: { readonly tenant?: string }): Rule<Value>
}

/**
 * Defines a rule with dates. Its entries follow each other without a gap and don't overlap; the first may begin with the
 * beginning of time, and the last may have an end.
 *
 * @param name letters, digits, underscores and dashes
 * @throws HeadwaterError `app.invalid`
 */
export function rule<Value>(
  name: string,
  entries: readonly RuleEntry<Value>[],
  { description, timeZone = 'UTC' }: RuleOptions = {},
): Rule<Value> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no rule: letters, digits, underscores and dashes`,
    )
  }
  const issues: Issue[] = []
  if (!isTimeZone(timeZone)) issues.push({ path: ['timeZone'], message: `there is no time zone ${timeZone}` })
  if (entries.length === 0) issues.push({ path: [], message: 'it has no entry' })
  const periods = issues.length > 0 ? [] : periodsOf(entries, timeZone, null, issues)
  requireUnbroken(periods, issues)
  refuse(name, issues)
  return new DatedRule<Value>({ name, description, timeZone, origin: {} }, [periods])
}

interface Head {
  readonly name: string
  readonly description: string | undefined
  readonly timeZone: string
  readonly origin: object
}

class DatedRule<Value> implements Rule<Value> {
  readonly kind = 'rule'
  readonly name: string
  readonly description: string | undefined
  readonly timeZone: string
  readonly origin: object
  readonly layers: readonly (readonly RulePeriod<Value>[])[]

  constructor({ name, description, timeZone, origin }: Head, layers: DatedRule<Value>['layers']) {
    this.name = name
    this.description = description
    this.timeZone = timeZone
    this.origin = origin
    this.layers = layers
  }

  at(instant: Date, { tenant = '' }: { readonly tenant?: string } = {}): Value {
    return periodAt(this, instant.getTime(), tenant).value
  }

  with(entries: readonly RuleEntry<Value>[], { tenant }: { readonly tenant?: string } = {}): Rule<Value> {
    const issues: Issue[] = []
    const periods = periodsOf(entries, this.timeZone, tenant ?? null, issues)
    refuse(this.name, issues)
    return new DatedRule<Value>(this, [...this.layers, periods])
  }
}

/**
 * What is in force at an instant.
 *
 * @param instant epoch milliseconds
 * @throws HeadwaterError `rule.not-in-force`
 */
export function periodAt<Value>(
  { name, layers }: Pick<Rule<Value>, 'name' | 'layers'>,
  instant: number,
  tenant: string,
): RulePeriod<Value> {
  for (const layer of layers.toReversed()) {
    const period = inForce(layer, instant, tenant)
    if (period !== undefined) return period
  }
  const when = Number.isNaN(instant) ? 'at no time' : `at ${new Date(instant).toISOString()}`
  throw new HeadwaterError('rule.not-in-force', `Nothing is in force by rule ${name} ${when}`, {
    details: { rule: name, tenant },
  })
}

function inForce<Value>(
  layer: readonly RulePeriod<Value>[],
  instant: number,
  tenant: string,
): RulePeriod<Value> | undefined {
  const period = layer.findLast(({ from }) => from <= instant)
  if (period === undefined || instant >= period.to) return undefined
  return period.tenant === null || period.tenant === tenant ? period : undefined
}

/** The entries in the order of time. */
function periodsOf<Value>(
  entries: readonly RuleEntry<Value>[],
  timeZone: string,
  tenant: string | null,
  issues: Issue[],
): readonly RulePeriod<Value>[] {
  const instant = (date: string | Date | undefined, otherwise: number, path: Issue['path']): number => {
    if (date === undefined) return otherwise
    const found = instantOf(date, timeZone)
    if (found === undefined) issues.push({ path, message: `${String(date)} is no date` })
    return found ?? otherwise
  }
  const read = entries.map(({ from, to, value }, index) => ({
    from: instant(from, Number.NEGATIVE_INFINITY, [index, 'from']),
    to: to === undefined ? undefined : instant(to, Number.POSITIVE_INFINITY, [index, 'to']),
    index,
    value,
  }))
  if (issues.length > 0) return []
  const sorted = read.sort((one, other) => (one.from < other.from ? -1 : 1))
  return sorted.map(({ from, to: end, index, value }, place) => {
    const next = sorted[place + 1]
    const to = end ?? next?.from ?? Number.POSITIVE_INFINITY
    if (to <= from)
      issues.push({ path: [index], message: 'it ends before it begins, or where another begins' })
    else if (next !== undefined && to > next.from)
      issues.push({ path: [index], message: `it overlaps with entry ${next.index}` })
    return Object.freeze({
      from,
      to,
      value: deepFreeze(value),
      tenant,
      fingerprint: codeHash(value).slice(0, 8),
    })
  })
}

/** Between the first entry and the last, there is one for every moment. */
function requireUnbroken(periods: readonly RulePeriod[], issues: Issue[]): void {
  for (const [place, { to }] of periods.entries()) {
    const next = periods[place + 1]
    if (next === undefined || to >= next.from) continue
    const gap = `${new Date(to).toISOString()} and ${new Date(next.from).toISOString()}`
    issues.push({ path: [place], message: `there is a gap between ${gap}` })
  }
}

function refuse(name: string, issues: readonly Issue[]): void {
  if (issues.length === 0) return
  const list = issues.map(({ path, message }) =>
    path.length === 0 ? message : `entry ${path.join('.')}: ${message}`,
  )
  throw new HeadwaterError('app.invalid', `Rule ${name} is invalid: ${list.join('; ')}`, { issues })
}
