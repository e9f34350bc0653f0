import type { CallOutside } from '../external/calls.ts'
import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { FactOf, RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import type { Outcome } from '../handle/outcome.ts'
import { checkPartitionCount } from '../log/partitions.ts'

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
  /**
   * Calls the outside: `await call(exchangeRate({ from, to }))`. A retry of the handler gets the answers that it got before,
   * and an event that is handled again because its processor was reset gets those of then, and nothing else.
   *
   * @throws HeadwaterError `external.failed`, `external.timeout`, `external.invalid-answer`, `external.too-large`,
   *   `external.blocked`, `external.unknown`
   */
  readonly call: CallOutside
  /**
   * The same for every attempt at this event: send it along to systems that can ignore repeats. An event that an operator
   * has edited, and one that is reprocessed, has another one, as then the effect is meant to happen.
   */
  readonly idempotencyKey: string
  /** From 1. */
  readonly attempt: number
  /** The id of the reprocessing job, when an old event is deliberately handled once more; undefined: the normal run. */
  readonly reprocessing: string | undefined
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
  : (event: RecordedEventOf<Events>, context: HandlerContext) => unknown

export interface SubscriptionDefinition<
  Events extends readonly AnyEventType[],
  Timing extends SubscriptionTiming,
> {
  readonly events: Events
  /** Default: `async`. */
  readonly when?: Timing
  /** What an asynchronous one returns is kept beside the event as its result: up to 16 KiB of JSON. */
  readonly handle: Handler<Events[number], Timing>
  /**
   * What events are kept in order by, for `async`; default: their stream. `'none'`: every event by itself, so that workers
   * compete for them and none waits for another.
   */
  readonly key?: ((event: RecordedEventOf<Events[number]>) => string) | 'none'
  /** Into how many parts its keys are divided, for `async`: each may run in another process. 1 to 1,024; default 1. */
  readonly partitions?: number
  /** Of how many keys events are handled at the same time, in each partition. 1 to 1,000; default 16. */
  readonly concurrency?: number
  readonly retry?: Partial<RetryPolicy>
  /** Default: `beginning`. */
  readonly start?: Start
  /**
   * It does nothing but `execute` commands, going by the event, their outcomes and what it asks with `call`. Then a replay of
   * decisions runs it on a branch, where all that has effects is held back. Default: false.
   */
  readonly pure?: boolean
  readonly description?: string
}

export interface Subscription<Name extends string = string, Events extends AnyEventType = AnyEventType> {
  readonly kind: 'subscription'
  readonly name: Name
  readonly description: string | undefined
  readonly events: readonly Events[]
  readonly when: SubscriptionTiming
  readonly retry: RetryPolicy
  readonly start: Start
  readonly partitions: number
  readonly concurrency: number
  readonly isPure: boolean
  keyOf(event: RecordedEvent): string
  handle(event: unknown, context: unknown): unknown
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
>(name: Name, definition: SubscriptionDefinition<Events, Timing>): Subscription<Name, Events[number]> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no subscription: letters, digits, underscores and dashes`,
    )
  }
  const keyOf = definition.key as ((event: RecordedEvent) => string) | 'none' | undefined
  const handle = definition.handle as (event: unknown, context: unknown) => unknown
  return {
    kind: 'subscription',
    name,
    description: definition.description,
    events: definition.events,
    when: definition.when ?? 'async',
    retry: { ...defaultRetryPolicy, ...definition.retry },
    start: definition.start ?? 'beginning',
    partitions: checkPartitionCount(`Subscription ${name}`, definition.partitions),
    concurrency: checkConcurrency(name, definition.concurrency),
    isPure: definition.pure === true,
    keyOf: keyOf === 'none' ? ({ id }) => id : (keyOf ?? (({ stream }) => stream)),
    handle,
  }
}

/** @throws HeadwaterError `app.invalid` */
function checkConcurrency(name: string, concurrency = 16): number {
  if (Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 1_000) return concurrency
  throw new HeadwaterError(
    'app.invalid',
    `Subscription ${name} has a concurrency of ${concurrency}: from 1 to 1,000 keys`,
  )
}
