import type { Rejection } from '../decide/reject.ts'
import type { AnyCommandType } from '../message/command.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { AnyExternal, External } from '../message/external.ts'
import type { Subscription } from '../process/subscription.ts'
import { type GivenAnswer, GivenAnswers } from './given-answers.ts'
import { placed } from './placed.ts'
import { nothingExpected, type NothingExpected } from './promised.ts'
import { firstSetting, type Moment, timeOf } from './setting.ts'
import { type Handling, subscriptionExpectations, subscriptionThens } from './subscription-expectations.ts'
import type { SubscriptionThens } from './subscription-thens.ts'
import type { OwnEventsInStreams } from './types.ts'

/**
 * Given facts, when an event, then commands: what a subscription does, without a log. Each step gives a new specification;
 * it is played when something is expected.
 */
export interface SubscriptionSpec<Events extends AnyEventType> extends SubscriptionThens {
  /** What follows happens at this time. Virtual time begins with 2026, and stands still. */
  at(moment: Moment): SubscriptionSpec<Events>
  /** What follows is done by this actor; by nobody in particular unless told otherwise. */
  as(actor: string | null): SubscriptionSpec<Events>
  /** What follows belongs to this tenant. */
  of(tenant: string): SubscriptionSpec<Events>
  /** What it has handled before; what it sent then isn't looked at. A text names the stream of the events after it. */
  given<const Items extends readonly (string | NewEvent)[]>(
    ...items: OwnEventsInStreams<Items, Events, 'subscription'>
  ): SubscriptionSpec<Events>
  /** How commands of a type are answered; they are accepted unless told otherwise. An error is thrown by `execute`. */
  answering(command: AnyCommandType, answer: Rejection | Error): SubscriptionSpec<Events>
  /** What an external answers: an answer, a function of the request, or an error, which is its failure. */
  answering<Request, Answer>(
    external: External<string, Request, Answer>,
    answer: GivenAnswer<Request, Answer>,
  ): SubscriptionSpec<Events>
  /** What it handles. A text names the stream of the events that follow it. */
  when<const Items extends readonly (string | NewEvent)[]>(
    ...items: OwnEventsInStreams<Items, Events, 'subscription'>
  ): SubscriptionSpec<Events>
  /**
   * The same events are handed over so often, as it happens after a crash. It has to send the same commands with the same
   * ids each time; where an effect is to be had once, that is for the test to look at.
   */
  numberOfTimes(times: number): SubscriptionSpec<Events>
  /** Nothing is expected yet: to await it doesn't compile, and fails the test that returns it. */
  readonly then: NothingExpected
}

export function subscriptionSpec<Events extends AnyEventType>(
  subscription: Subscription<string, Events>,
): SubscriptionSpec<Events> {
  return specOf({
    subscription,
    setting: firstSetting,
    given: [],
    events: [],
    answers: new Map(),
    outside: new GivenAnswers(),
    times: 1,
  })
}

function specOf<Events extends AnyEventType>(handling: Handling): SubscriptionSpec<Events> {
  const { setting, given, events, answers } = handling
  const go = (change: Partial<Handling>): SubscriptionSpec<Events> => specOf({ ...handling, ...change })
  return {
    ...subscriptionThens((first) => subscriptionExpectations(handling, first)),
    at: (moment) => go({ setting: { ...setting, now: timeOf(moment) } }),
    as: (actor) => go({ setting: { ...setting, actor } }),
    of: (tenant) => go({ setting: { ...setting, tenant } }),
    given: (...items) => go({ given: [...given, ...placed(items, setting)] }),
    when: (...items) => go({ events: [...events, ...placed(items, setting)] }),
    answering: (what: AnyCommandType | AnyExternal, answer: unknown) =>
      what.kind === 'external'
        ? go({ outside: handling.outside.and(what, answer) })
        : go({ answers: new Map([...answers, [what.type, answer as Rejection | Error]]) }),
    numberOfTimes: (times) => go({ times }),
    // oxlint-disable-next-line unicorn/no-thenable -- who awaits it has to be told
    then: nothingExpected,
  }
}
