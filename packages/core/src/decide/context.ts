import { HeadwaterError } from '../message/errors.ts'
import type { ExternalCall } from '../message/external.ts'
import { deriveId } from '../message/identity.ts'
import { noTenant } from '../message/tenant.ts'
import { periodAt, type Rule, type RulePeriod } from './rule.ts'
import { type RuleBook, type RuleRead, ruleRead, writtenRules } from './rule-book.ts'

/**
 * All that a decision may know besides the state and the command. Time and ids come from here and from nowhere else,
 * so that the same decision can be made again, on a branch or years later, with the same result.
 */
export interface DecisionContext {
  /** When the command came, or when it happened, where its sender says so (`occurredAt`); the same for every retry. */
  readonly now: Date
  readonly commandId: string
  readonly actor: string | null
  readonly correlationId: string
  readonly tenant: string
  /** The stream that is decided on: `order-17`. */
  readonly stream: string
  /** Its revision when it was decided on; 0: it has no events yet. */
  readonly revision: number
  /**
   * A new id: the n-th call of a decision always gives the same one. With a natural key (`email:ada@example.org`) it is
   * a sticky id: that key has this id in every decision of the tenant, in whichever order commands are replayed.
   */
  readonly id: (naturalKey?: string) => string
  /**
   * The value of a dated rule that is in force at a time, by default at `now`, for the command's tenant. The command log
   * keeps which entry it was.
   *
   * @throws HeadwaterError `rule.not-in-force`, `rule.unknown`
   */
  readonly rule: <Value>(rule: Rule<Value>, at?: Date) => Value
  /**
   * What the outside answers: `answer(exchangeRate({ from, to }))`. Where it has not been asked yet, the decision ends here;
   * it is asked and the answer is journaled; then the decision is made again. The command log keeps which answers it was
   * made with. A failure is thrown, and may be caught and decided upon.
   *
   * @throws HeadwaterError `external.failed`, `external.timeout`, `external.invalid-answer`, `external.too-large`,
   *   `external.blocked`, `external.unknown`; `external.out-of-place` where nothing can wait
   */
  readonly answer: <Answer>(call: ExternalCall<string, unknown, Answer>) => Answer
}

export interface DecisionInput {
  readonly now: number
  readonly commandId: string
  readonly actor: string | null
  readonly correlationId: string
  readonly tenant: string
  readonly stream: string
  readonly revision: number
  /** Default: every rule as it is written. */
  readonly rules?: RuleBook
  /** Default: nothing can wait for an answer. */
  readonly answer?: DecisionContext['answer']
}

/** Gathers what a decision reads beside the state. */
export class DecisionReads {
  #rules: RuleRead[] | undefined

  addRule(name: string, period: RulePeriod): void {
    const read = ruleRead(name, period)
    this.#rules ??= []
    if (!this.#rules.some((known) => known.every((part, index) => part === read[index])))
      this.#rules.push(read)
  }

  /** Undefined: none. */
  get rules(): readonly RuleRead[] | undefined {
    return this.#rules
  }
}

export function decisionContext(input: DecisionInput, reads?: DecisionReads): DecisionContext {
  const { now, commandId, actor, correlationId, tenant, stream, revision, rules = writtenRules } = input
  const { answer = outOfPlace } = input
  let calls = 0
  // Two tenants may use one command id: what they make is not the same.
  const own = tenant === noTenant ? [] : [tenant]
  return {
    now: new Date(now),
    commandId,
    actor,
    correlationId,
    tenant,
    stream,
    revision,
    id: (naturalKey) =>
      naturalKey === undefined
        ? deriveId('command', ...own, commandId, ++calls)
        : deriveId('natural', tenant, naturalKey),
    rule: (rule, at) => {
      const period = periodAt(rules.resolve(rule), at?.getTime() ?? now, tenant)
      reads?.addRule(rule.name, period)
      return period.value
    },
    answer,
  }
}

/** Where nothing can wait for an answer. */
function outOfPlace({ external }: ExternalCall): never {
  throw new HeadwaterError('external.out-of-place', `Nothing can wait here for an answer of ${external}`)
}
