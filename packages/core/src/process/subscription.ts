import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { FactOf, RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { Outcome } from '../handle/outcome.ts'

/**
 * When a subscription is called.
 * - `in-transaction`: before the append, as part of it: what it records is recorded with it; if it throws, nothing is.
 * - `after-commit`: once the events are recorded, before the command's answer; a failure goes to the error hook.
 * - `async`: by a processor with a checkpoint, at least once, in order per key, retried, then parked.
 */
export type SubscriptionTiming = 'in-transaction' | 'after-commit' | 'async'

export interface RetryPolicy {
  /** How often a handler is tried before the event is parked. Default 5. */
  readonly attempts: number
  /** Milliseconds before the second attempt; each further wait is twice as long. Default 100. */
  readonly delay: number
  /** Milliseconds that a wait is at most. Default 5,000. */
  readonly longestDelay: number
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 5, delay: 100, longestDelay: 5_000 }

/** Where a new subscription begins. */
export type Start = 'beginning' | 'end' | { readonly position: number } | { readonly time: Date }

/** What a handler gets beside the event. */
export interface HandlerContext {
  /**
   * Sends a command. Its id derives from this subscription, the event and the number of the call, so that a retry of
   * the handler repeats it without a second effect.
   */
  readonly execute: (command: CommandMessage) => Promise<Outcome>
  /** The same for every attempt at this event: send it along to systems that can ignore repeats. */
  readonly idempotencyKey: string
  /** From 1. */
  readonly attempt: number
  /** Aborted when the runtime closes. */
  readonly signal: AbortSignal
}

/** What an in-transaction subscription may add to the append. */
export interface TransactionContext {
  /** Records further events in the same transaction, in any stream. */
  readonly append: (stream: string, events: readonly NewEvent[]) => void
}

type Handler<Events extends AnyEventType, Timing extends SubscriptionTiming> = Timing extends 'in-transaction'
  ? (event: FactOf<Events>, transaction: TransactionContext) => void
  : (event: RecordedEventOf<Events>, context: HandlerContext) => void | Promise<void>

export interface SubscriptionDefinition<
  Events extends readonly AnyEventType[],
  Timing extends SubscriptionTiming,
> {
  readonly events: Events
  /** Default: `async`. */
  readonly when?: Timing
  readonly handle: Handler<Events[number], Timing>
  /** What events are kept in order by, for `async`; default: their stream. */
  readonly key?: (event: RecordedEventOf<Events[number]>) => string
  readonly retry?: Partial<RetryPolicy>
  /** Default: `beginning`. */
  readonly start?: Start
  readonly description?: string
}

export interface Subscription<Name extends string = string> {
  readonly kind: 'subscription'
  readonly name: Name
  readonly description: string | undefined
  readonly events: readonly AnyEventType[]
  readonly when: SubscriptionTiming
  readonly retry: RetryPolicy
  readonly start: Start
  keyOf(event: RecordedEvent): string
  handle(event: unknown, context: unknown): void | Promise<void>
}

/**
 * Defines what happens when events of some types are recorded.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function subscription<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  const Timing extends SubscriptionTiming = 'async',
>(name: Name, definition: SubscriptionDefinition<Events, Timing>): Subscription<Name> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no subscription: letters, digits, underscores and dashes`,
    )
  }
  const keyOf = definition.key as ((event: RecordedEvent) => string) | undefined
  const handle = definition.handle as (event: unknown, context: unknown) => void | Promise<void>
  return {
    kind: 'subscription',
    name,
    description: definition.description,
    events: definition.events,
    when: definition.when ?? 'async',
    retry: { ...defaultRetryPolicy, ...definition.retry },
    start: definition.start ?? 'beginning',
    keyOf: keyOf ?? ((event) => event.stream),
    handle,
  }
}
