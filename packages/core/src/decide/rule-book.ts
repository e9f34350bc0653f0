import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { Fact } from '../message/recorded.ts'
import { periodAt, type Rule, type RulePeriod } from './rule.ts'

/** What a fold may know besides the state and the event. */
export interface FoldContext {
  /**
   * The value of a dated rule that was in force when the event occurred, for the event's tenant.
   *
   * @throws HeadwaterError `rule.not-in-force`, `rule.unknown`
   */
  readonly rule: <Value>(rule: Rule<Value>) => Value
}

/** Which form of each rule counts: an app may lay further entries on one that it uses. */
export interface RuleBook {
  /** @throws HeadwaterError `rule.unknown` */
  resolve<Value>(rule: Rule<Value>): Rule<Value>
}

/** Every rule as it is written. */
export const writtenRules: RuleBook = { resolve: (rule) => rule }

/** What a rule says at a time to a tenant. */
export type RuleLookup = <Value>(rule: Rule<Value>, at: Date, tenant: string) => Value

export function lookupIn(book: RuleBook): RuleLookup {
  return (rule, at, tenant) => periodAt(book.resolve(rule), at.getTime(), tenant).value
}

export const lookupWritten: RuleLookup = lookupIn(writtenRules)

/** The rules that an app names: a rule which it doesn't name can't be looked up, checked or noticed to have changed. */
export class AppRules implements RuleBook {
  /** Another one for other rules, entries or values. */
  readonly hash: string
  readonly #rules: ReadonlyMap<string, Rule>

  constructor(rules: ReadonlyMap<string, Rule>) {
    this.#rules = rules
    const entries = [...rules.values()].map(({ name, layers }) => [
      name,
      layers.map((layer) =>
        layer.map(({ from, to, tenant, fingerprint }) => [from, to, tenant, fingerprint]),
      ),
    ])
    this.hash = codeHash(entries)
  }

  resolve<Value>(rule: Rule<Value>): Rule<Value> {
    const named = this.#rules.get(rule.name)
    if (named !== undefined && isForm(named, rule)) return named
    const why = named === undefined ? 'names no rule' : 'names another rule'
    throw new HeadwaterError('rule.unknown', `This app ${why} ${rule.name}`, { details: { rule: rule.name } })
  }
}

/** What `with` makes of a rule gives values of the same type. */
function isForm<Value>(named: Rule, rule: Rule<Value>): named is Rule<Value> {
  return named.origin === rule.origin
}

/** What a fold of one fact is given. Made for every fact, so that it holds no more than it must. */
export class FactContext implements FoldContext {
  readonly #lookup: RuleLookup
  readonly #fact: Fact

  constructor(lookup: RuleLookup, fact: Fact) {
    this.#lookup = lookup
    this.#fact = fact
  }

  get rule(): FoldContext['rule'] {
    return (rule) => this.#lookup(rule, this.#fact.occurredAt, this.#fact.tenant)
  }
}

/** A rule that a decision asked for, and what it got: name, from when on it is in force, fingerprint of its value. */
export type RuleRead = readonly [name: string, from: string | null, fingerprint: string]

export function ruleRead(name: string, { from, fingerprint }: RulePeriod): RuleRead {
  return [name, Number.isFinite(from) ? new Date(from).toISOString() : null, fingerprint]
}
