import { periodAt } from '../decide/rule.ts'
import type { Headwater } from './headwater.ts'
import type { Registry } from './registry.ts'
import { summaryOf } from './rules.ts'

/** What a running app says of its dated rules. */
export function ruleReads(
  { ruleBook, rules }: Registry,
  now: () => number,
): Pick<Headwater, 'rule' | 'rules'> {
  return {
    rule: (rule, { at, tenant = '' } = {}) =>
      periodAt(ruleBook.resolve(rule), at?.getTime() ?? now(), tenant).value,
    rules: ({ at, tenant = '' } = {}) =>
      [...rules.values()].map((rule) => summaryOf(rule, at?.getTime() ?? now(), tenant)),
  }
}
