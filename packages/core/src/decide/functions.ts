import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import type { Fact } from '../message/recorded.ts'
import { Refusal, rejectionOf } from './refusal.ts'
import type { Rejection } from './reject.ts'
import { FactContext, lookupWritten, type RuleLookup } from './rule-book.ts'

/** A decision in which a refusal that is thrown is a rejection; of its code the types know nothing. */
export function refusing<Parameters extends readonly unknown[], Given>(
  decide: (...parameters: Parameters) => Given,
): (...parameters: Parameters) => Given | Rejection<NewEvent, never> {
  return (...parameters) => {
    try {
      return decide(...parameters)
    } catch (error) {
      if (error instanceof Refusal) return rejectionOf(error) as Rejection<NewEvent, never>
      throw error
    }
  }
}

/**
 * One function per type. The compiler checks this for users of TypeScript; users of JavaScript get it when the app starts.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function functionsOf(
  name: string,
  part: string,
  types: readonly { readonly type: string }[],
  given: object,
): ReadonlyMap<string, Function> {
  const functions = new Map<string, Function>(Object.entries<Function>(given as Record<string, Function>))
  for (const { type } of types) {
    if (typeof functions.get(type) !== 'function') {
      throw new HeadwaterError('app.invalid', `Aggregate ${name} has no ${part}.${type}`)
    }
  }
  return functions
}

/** The state after a fact, by the reducer of its type. */
export function evolveBy<State>(
  name: string,
  reducers: ReadonlyMap<string, Function>,
): (state: State, fact: Fact, rules?: RuleLookup) => State {
  return (state, fact, rules = lookupWritten) => {
    const reduce = reducers.get(fact.type)
    if (reduce === undefined) {
      throw new HeadwaterError('event.unknown', `Aggregate ${name} has no reducer for event ${fact.type}`)
    }
    return reduce(state, fact, new FactContext(rules, fact)) as State
  }
}

/** What a command's function gives; commands without one are unknown to the aggregate. */
export function decisionFor(
  name: string,
  decisions: ReadonlyMap<string, Function>,
  { type }: CommandMessage,
): Function {
  const decide = decisions.get(type)
  if (decide === undefined) {
    throw new HeadwaterError('command.unknown', `Aggregate ${name} does not decide command ${type}`)
  }
  return decide
}
