import type { Aggregate } from '../decide/aggregate.ts'
import { type Rule, type RulePeriod, periodAt } from '../decide/rule.ts'
import type { RuleLookup } from '../decide/rule-book.ts'
import { type Issue, isHeadwaterError } from '../message/errors.ts'
import type { View } from '../view/view.ts'
import type { App } from './definition.ts'

/** A dated rule, as the app has it, with what its entries say. */
export interface RuleSummary {
  readonly name: string
  readonly description: string | null
  readonly timeZone: string
  /** Later ones win where they are in force; those of other tenants are left out. */
  readonly entries: readonly RuleEntrySummary[]
  /** What was in force at the moment that was asked for; null: nothing. */
  readonly inForce: RuleEntrySummary | null
}

export interface RuleEntrySummary {
  /** Null: from the beginning of time. */
  readonly from: Date | null
  /** The first moment at which it applies no longer; null: it has no end. */
  readonly to: Date | null
  /** Null: of all tenants. */
  readonly tenant: string | null
  /** Data; of a function its name, or an empty text. */
  readonly value: unknown
  readonly kind: 'data' | 'function'
  readonly fingerprint: string
}

/** The form of each rule that counts: the app's before its contexts'. */
export function collectRules({ name, contexts, rules }: App, issues: Issue[]): ReadonlyMap<string, Rule> {
  const found = new Map<string, Rule>()
  for (const rule of rules) {
    if (found.has(rule.name))
      issues.push({ path: [name, rule.name], message: 'there are two rules of this name' })
    found.set(rule.name, rule)
  }
  const isAppsOwn = new Set(found.keys())
  for (const context of contexts) {
    for (const rule of context.rules) {
      const known = found.get(rule.name)
      if (known === undefined) found.set(rule.name, rule)
      else if (known.origin !== rule.origin)
        issues.push({ path: [context.name, rule.name], message: 'there are two rules of this name' })
      else if (known !== rule && !isAppsOwn.has(rule.name))
        issues.push({
          path: [context.name, rule.name],
          message: 'another context has this rule with other entries',
        })
    }
  }
  return found
}

/** The aggregate, with folds that go by these rules. */
export function aggregateBy(rules: RuleLookup, aggregate: Aggregate): Aggregate {
  return { ...aggregate, evolve: (state, fact) => aggregate.evolve(state, fact, rules) }
}

/** The view, with folds that go by these rules. */
export function viewBy(rules: RuleLookup, view: View): View {
  const { undo } = view
  return {
    ...view,
    fold: (document, fact, key) => view.fold(document, fact, key, rules),
    ...(undo && { undo: (document, fact, key) => undo(document, fact, key, rules) }),
  }
}

/** @param at epoch milliseconds */
export function summaryOf(rule: Rule, at: number, tenant: string): RuleSummary {
  return {
    name: rule.name,
    description: rule.description ?? null,
    timeZone: rule.timeZone,
    entries: rule.layers
      .flat()
      .filter((period) => period.tenant === null || period.tenant === tenant)
      .map(entrySummary),
    inForce: summaryAt(rule, at, tenant),
  }
}

function summaryAt(rule: Rule, at: number, tenant: string): RuleEntrySummary | null {
  try {
    return entrySummary(periodAt(rule, at, tenant))
  } catch (error) {
    if (isHeadwaterError(error, 'rule.not-in-force')) return null
    throw error
  }
}

function entrySummary({ from, to, tenant, value, fingerprint }: RulePeriod): RuleEntrySummary {
  const date = (instant: number): Date | null => (Number.isFinite(instant) ? new Date(instant) : null)
  const isFunction = typeof value === 'function'
  return {
    from: date(from),
    to: date(to),
    tenant,
    // Written in place, it has the name of the field.
    value: isFunction ? value.name.replace(/^value$/, '') : value,
    kind: isFunction ? 'function' : 'data',
    fingerprint,
  }
}
