import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { isAbandonedPromise } from '../message/abandoned.ts'
import type { LogFeed } from '../log/feed.ts'
import type { AppendRequest, StreamAppend } from '../log/port.ts'
import { pendingRows } from '../log/rows.ts'
import type { RevisionOf } from '../handle/recorder.ts'
import { encodePart, type StreamPart } from '../handle/request.ts'
import { handlerContext, type ContextParts } from './handler-context.ts'
import type { Subscription } from './subscription.ts'

/** Where failures go that must not fail what caused them. */
export type ErrorHook = (
  error: unknown,
  source: { readonly subscription?: string; readonly processor?: string; readonly eventId?: string },
) => void

/** Whether the subscriptions to one event run side by side or one after the other, in the order of their definition. */
export type Delivery = 'parallel' | 'in-order'

/** Calls subscriptions in the append's transaction and right after its commit. */
export class Mediator {
  readonly #inTransaction: ReadonlyMap<string, readonly Subscription[]>
  readonly #afterCommit: ReadonlyMap<string, readonly Subscription[]>
  readonly #delivery: Delivery
  readonly #onError: ErrorHook
  readonly #context: ContextParts

  constructor(
    subscriptions: readonly Subscription[],
    delivery: Delivery,
    onError: ErrorHook,
    context: ContextParts,
  ) {
    this.#inTransaction = byType(subscriptions.filter(({ when }) => when === 'in-transaction'))
    this.#afterCommit = byType(subscriptions.filter(({ when }) => when === 'after-commit'))
    this.#delivery = delivery
    this.#onError = onError
    this.#context = context
  }

  takesPartIn(streams: readonly StreamAppend[]): boolean {
    return (
      this.#inTransaction.size > 0 &&
      streams.some(({ events }) => events.some(({ type }) => this.#inTransaction.has(type)))
    )
  }

  /**
   * Adds what in-transaction subscriptions append. They see what was to be appended in the first place, not what other
   * subscriptions add to it.
   *
   * @throws HeadwaterError `subscription.vetoed`
   */
  async extend(
    request: AppendRequest,
    codec: PayloadCodec,
    feed: LogFeed,
    revisionOf: RevisionOf,
  ): Promise<AppendRequest> {
    const streams = [...request.streams]
    for (const row of pendingRows(request)) {
      for (const { stream, events } of this.#call(feed.decode(row))) {
        const index = streams.findIndex((candidate) => candidate.stream === stream)
        const expected = index < 0 ? await revisionOf(stream) : 0
        const added = encodePart(codec, row.occurredAt, { stream, expected, events })
        const known = streams[index]
        if (known === undefined) streams.push(added)
        else streams[index] = { ...known, events: [...known.events, ...added.events] }
      }
    }
    return { ...request, streams }
  }

  #call(fact: RecordedEvent): StreamPart[] {
    const parts: StreamPart[] = []
    for (const subscription of this.#inTransaction.get(fact.type) ?? []) {
      try {
        const result = subscription.handle(fact, {
          append: (stream: string, events: StreamPart['events']) =>
            parts.push({ stream, expected: 'any', events }),
        })
        if (isAbandonedPromise(result)) throw new Error('it returned a promise; an append can’t wait for one')
      } catch (cause) {
        const message = `Subscription ${subscription.name} refused ${fact.type}: ${cause instanceof Error ? cause.message : String(cause)}`
        throw new HeadwaterError('subscription.vetoed', message, {
          cause,
          details: { subscription: subscription.name },
        })
      }
    }
    return parts
  }

  /** Undefined where nobody is subscribed. Never rejects: failures go to the error hook. */
  afterCommit(events: readonly RecordedEvent[]): Promise<void> | undefined {
    if (this.#afterCommit.size === 0 || !events.some(({ type }) => this.#afterCommit.has(type)))
      return undefined
    return this.#notify(events)
  }

  async #notify(events: readonly RecordedEvent[]): Promise<void> {
    for (const event of events) {
      const calls = (this.#afterCommit.get(event.type) ?? []).map(
        (subscription) => () => this.#handle(subscription, event),
      )
      if (this.#delivery === 'parallel') await Promise.all(calls.map((call) => call()))
      else for (const call of calls) await call()
    }
  }

  async #handle(subscription: Subscription, event: RecordedEvent): Promise<void> {
    try {
      await subscription.handle(
        event,
        handlerContext(this.#context, subscription.name, event, { attempt: 1 }),
      )
    } catch (error) {
      this.#onError(error, { subscription: subscription.name, eventId: event.id })
    }
  }
}

function byType(subscriptions: readonly Subscription[]): ReadonlyMap<string, readonly Subscription[]> {
  const map = new Map<string, Subscription[]>()
  for (const subscription of subscriptions) {
    for (const { type } of subscription.events) {
      const known = map.get(type)
      if (known === undefined) map.set(type, [subscription])
      else known.push(subscription)
    }
  }
  return map
}
