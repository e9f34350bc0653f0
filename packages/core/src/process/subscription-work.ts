import type { RecordedEvent } from '../message/recorded.ts'
import { type KnownVersions, newerThanKnown, versionsOf } from '../message/versions.ts'
import { Horizon } from './horizon.ts'
import { Handling, type SubscriptionParts } from './handling.ts'
import { ParkedSequences } from './parked-sequences.ts'
import type { ProcessorPlan } from './plan.ts'
import { type Scope, wholeScope } from './scope.ts'
import type { Subscription } from './subscription.ts'
import {
  describeFailure,
  type OwnResult,
  type ProcessorWork,
  type Retried,
  sequenceWithoutKey,
  type Taken,
  type ToPark,
  toPark,
  type ToRetry,
} from './work.ts'

/** So many events may be under way, those that wait for an earlier one of their key included. */
const mostUnderway = 1_000
/** Milliseconds after which no further parked event is begun, so that new ones get their turn. */
const longestStretch = 1_000

/** The processor of a subscription. */
export function subscriptionPlan(subscription: Subscription, parts: SubscriptionParts): ProcessorPlan {
  return {
    name: subscription.name,
    kind: 'subscription',
    events: subscription.events,
    start: subscription.start,
    partitions: subscription.partitions,
    pageSize: 500,
    keysOf: (event) => [subscription.keyOf(event)],
    workOn: (scope) => new SubscriptionWork(subscription, parts, scope),
    workOnJob: (job) => new SubscriptionWork(subscription, parts, wholeScope, job),
  }
}

/**
 * Calls a subscription's handler: in order per key, keys side by side, retried, then parked with what follows. A handler
 * that takes its time holds up its own key only.
 */
export class SubscriptionWork implements ProcessorWork {
  readonly isFull = true
  readonly #subscription: Subscription
  readonly #parts: SubscriptionParts
  readonly #scope: Scope
  readonly #versions: KnownVersions
  readonly #who: string
  readonly #handling: Handling
  readonly #job: string | undefined
  #horizon = new Horizon()
  #parked = new ParkedSequences()
  #onProgress: () => void = () => undefined
  /** The events that aren't finished, in the order of their positions: one that was given up stays among them. */
  readonly #underway = new Set<number>()
  #active = 0
  /** Of each key the last event that isn't finished. */
  readonly #chains = new Map<string, Promise<void>>()
  #waiting: (() => void)[] = []
  #park: ToPark[] = []
  #results: OwnResult[] = []
  #failure: { readonly error: unknown } | undefined

  /** @param job the reprocessing job that it is for: what fails leaves a result, and nothing is parked */
  constructor(subscription: Subscription, parts: SubscriptionParts, scope: Scope, job?: string) {
    this.#subscription = subscription
    this.#versions = versionsOf(subscription.events)
    this.#who = `Subscription ${subscription.name}`
    this.#handling = new Handling(subscription, parts, job)
    this.#parts = parts
    this.#scope = scope
    this.#job = job
  }

  get oldest(): number | undefined {
    const [first] = this.#underway
    return first
  }

  get isDirty(): boolean {
    return this.#park.length > 0 || this.#results.length > 0
  }

  async begin(parked: ParkedSequences, onProgress: () => void): Promise<void> {
    // A job handles old events with all effects: that is what it is for.
    if (this.#job === undefined) this.#horizon = await this.#parts.horizonOf(this.#subscription.name)
    this.#parked = parked
    this.#onProgress = onProgress
    this.#park = []
    this.#results = []
    this.#failure = undefined
  }

  async process(events: readonly RecordedEvent[]): Promise<Taken> {
    const { signal } = this.#parts.context
    const { concurrency } = this.#subscription
    let count = 0
    for (const event of events) {
      if (signal.aborted || this.#failure !== undefined) break
      const newer = newerThanKnown(this.#versions, event, this.#who)
      if (newer !== undefined) return { count, newer }
      count += 1
      const key = this.#keyOf(event)
      if (key !== undefined) this.#take(event, key)
      while (this.#chains.size >= concurrency || this.#active >= mostUnderway) await this.#progress()
    }
    if (this.#failure !== undefined) throw this.#failure.error
    return { count }
  }

  async retry(sequences: readonly ToRetry[]): Promise<readonly Retried[]> {
    const deadline = performance.now() + longestStretch
    return Promise.all(sequences.map((sequence) => this.#retry(sequence, deadline)))
  }

  async settle(): Promise<void> {
    while (this.#active > 0) await this.#progress()
  }

  collect() {
    const collected = { documents: [], park: this.#park, results: this.#results }
    this.#park = []
    this.#results = []
    return collected
  }

  /** Undefined: it is none of this work's, or can't be told; then the event is set aside, and nothing can wait behind it. */
  #keyOf(event: RecordedEvent): string | undefined {
    try {
      const key = this.#subscription.keyOf(event)
      return this.#scope.owns(event.tenant, key, event.position) ? key : undefined
    } catch (error) {
      const sequence = sequenceWithoutKey(event)
      if (this.#scope.owns(event.tenant, sequence, event.position)) this.#setAside(event, sequence, 1, error)
      return undefined
    }
  }

  #take(event: RecordedEvent, key: string): void {
    // Most handlers have nothing under way when the next event comes.
    const before = this.#chains.size === 0 ? undefined : this.#chains.get(nameOf(event, key))
    // A handler that doesn't wait for anything costs no promise.
    const work = before === undefined ? this.#begin(event, key) : before.then(() => this.#begin(event, key))
    if (work === undefined) return
    const chain = nameOf(event, key)
    this.#underway.add(event.position)
    this.#active += 1
    const chained = work
      .then(
        () => void this.#underway.delete(event.position),
        (error: unknown) => {
          this.#failure ??= { error }
        },
      )
      .then(() => {
        this.#active -= 1
        if (this.#chains.get(chain) === chained) this.#chains.delete(chain)
        this.#tell()
      })
    this.#chains.set(chain, chained)
  }

  /** Undefined: it is done already. */
  #begin(event: RecordedEvent, key: string): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    if (this.#parked.has(event.tenant, key)) {
      this.#park.push(toPark(event, key, 0, undefined, this.#parts.clock.now()))
      return undefined
    }
    const isReplay = this.#horizon.covers(event.tenant, key, event.position)
    try {
      const value = this.#handling.first(event, isReplay)
      if (value instanceof Promise)
        return value.then(
          (later) => this.#done(event, key, 1, later),
          (error: unknown) => this.#again(event, key, error, isReplay),
        )
      this.#done(event, key, 1, value)
      return undefined
    } catch (error) {
      return this.#again(event, key, error, isReplay)
    }
  }

  async #again(event: RecordedEvent, key: string, error: unknown, isReplay: boolean): Promise<void> {
    const handled = await this.#handling.again(event, { before: 1, failed: { error }, isReplay })
    if (handled.isDone) return this.#done(event, key, handled.attempts, handled.value)
    if (this.#job === undefined) this.#parked.add(event.tenant, key)
    this.#setAside(event, key, handled.attempts, handled.error)
  }

  #done(event: RecordedEvent, key: string, attempts: number, value: unknown): void {
    const result = this.#handling.resultOf(event, key, attempts, value)
    if (result !== undefined) this.#results.push(result)
  }

  #setAside(event: RecordedEvent, sequence: string, attempts: number, error: unknown): void {
    const { clock, onError } = this.#parts
    if (this.#job === undefined) this.#park.push(toPark(event, sequence, attempts, error, clock.now()))
    else this.#results.push(this.#handling.failureOf(event, sequence, attempts, describeFailure(error)))
    onError(error, { processor: this.#subscription.name, eventId: event.id })
  }

  async #retry({ sequence, events }: ToRetry, deadline: number): Promise<Retried> {
    let done = 0
    for (const { parked, event } of events) {
      if (this.#parts.context.signal.aborted || (done > 0 && performance.now() > deadline)) break
      const newer = newerThanKnown(this.#versions, event, this.#who)
      if (newer !== undefined) return { done, newer }
      const handled = await this.#handling.again(event, { before: parked.attempts, edits: parked.edits })
      if (!handled.isDone) {
        this.#parts.onError(handled.error, { processor: this.#subscription.name, eventId: event.id })
        return { done, failure: handled }
      }
      const result = this.#handling.resultOf(event, sequence, handled.attempts, handled.value)
      const edit = parked.edit && { actor: parked.edit.actor, why: parked.edit.why }
      if (result !== undefined) this.#results.push({ ...result, ...edit })
      done += 1
    }
    return { done }
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  #tell(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
    this.#onProgress()
  }
}

function nameOf({ tenant }: RecordedEvent, key: string): string {
  return tenant === '' ? key : `${tenant}\u0000${key}`
}
