import { HeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../message/versions.ts'
import type { ParkedEvent } from '../log/store.ts'
import { handlerContext, type ContextParts } from './handler-context.ts'
import type { ErrorHook } from './mediator.ts'
import { sleep } from './sleep.ts'
import type { Subscription } from './subscription.ts'
import { parkedEvent, ParkedSequences, type ProcessorWork } from './work.ts'

/** Events of so many keys are handled at the same time. */
const concurrency = 16
/** Milliseconds after which no further event of a page is begun, so that the checkpoint is never far behind. */
const longestStretch = 1_000

/** Calls a subscription's handler: in order per key, keys side by side, retried, then parked with what follows. */
export class SubscriptionWork implements ProcessorWork {
  readonly name: string
  readonly kind = 'subscription'
  readonly types: readonly string[]
  readonly pageSize = 500
  readonly isFull = true
  readonly #subscription: Subscription
  readonly #context: ContextParts
  readonly #onError: ErrorHook
  readonly #versions: KnownVersions
  readonly #parkedSequences = new ParkedSequences()
  #park: ParkedEvent[] = []

  constructor(subscription: Subscription, context: ContextParts, onError: ErrorHook) {
    this.name = subscription.name
    this.types = subscription.events.map(({ type }) => type)
    this.#subscription = subscription
    this.#versions = versionsOf(subscription.events)
    this.#context = context
    this.#onError = onError
  }

  async begin(parked: readonly ParkedEvent[]): Promise<void> {
    this.#parkedSequences.reset(parked)
    this.#park = []
  }

  async process(events: readonly RecordedEvent[]): Promise<number> {
    const deadline = performance.now() + longestStretch
    /** The last event under way of each key. */
    const chains = new Map<string, Promise<void>>()
    let begun = 0
    for (const event of events) {
      if (this.#context.signal.aborted || (begun > 0 && performance.now() > deadline)) break
      if (this.#isNewer(event)) {
        // What stands before it is finished first; then the processor lets go, and a newer process takes over.
        if (begun > 0) break
        requireKnown(this.#versions, event, `Subscription ${this.name}`)
      }
      begun += 1
      const key = this.#subscription.keyOf(event)
      const before = chains.get(key)
      if (before === undefined) {
        const result = this.#begin(event, key)
        // A handler that doesn't wait for anything costs no promise.
        if (result !== undefined) this.#chain(chains, key, result)
      } else {
        this.#chain(
          chains,
          key,
          before.then(() => this.#begin(event, key)),
        )
      }
      if (chains.size >= concurrency) await Promise.race(chains.values())
    }
    await Promise.all(chains.values())
    return begun
  }

  collect() {
    const park = this.#park
    this.#park = []
    return { documents: [], park }
  }

  #isNewer({ type, version }: RecordedEvent): boolean {
    return version > (this.#versions.get(type) ?? version)
  }

  #chain(chains: Map<string, Promise<void>>, key: string, result: Promise<void>): void {
    const chained = result.then(() => {
      if (chains.get(key) === chained) chains.delete(key)
    })
    chains.set(key, chained)
  }

  /** Undefined: it is done already. */
  #begin(event: RecordedEvent, key: string): Promise<void> | undefined {
    if (this.#parkedSequences.has(event.tenant, key)) {
      this.#park.push(parkedEvent(this.name, event, key, 0, undefined))
      return undefined
    }
    try {
      const result = this.#subscription.handle(event, handlerContext(this.#context, this.name, event, 1))
      return result instanceof Promise
        ? result.catch((error: unknown) => this.#again(event, key, error))
        : undefined
    } catch (error) {
      return this.#again(event, key, error)
    }
  }

  async #again(event: RecordedEvent, key: string, firstError: unknown): Promise<void> {
    const { retry } = this.#subscription
    let error = firstError
    let pause = retry.delay
    for (let attempt = 2; attempt <= retry.attempts; attempt += 1) {
      await sleep(pause, this.#context.signal)
      if (this.#context.signal.aborted)
        throw new HeadwaterError('log.closed', 'Closed while an event was being retried')
      pause = Math.min(2 * pause, retry.longestDelay)
      try {
        await this.#subscription.handle(event, handlerContext(this.#context, this.name, event, attempt))
        return
      } catch (next) {
        error = next
      }
    }
    this.#parkedSequences.add(event.tenant, key)
    this.#park.push(parkedEvent(this.name, event, key, retry.attempts, error))
    this.#onError(error, { processor: this.name, eventId: event.id })
  }
}
