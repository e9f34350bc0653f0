import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { Clock } from '../log/clock.ts'
import { type Attempt, handlerContext, type ContextParts } from './handler-context.ts'
import type { Horizon } from './horizon.ts'
import type { ErrorHook } from './mediator.ts'
import type { Subscription } from './subscription.ts'
import type { OwnResult } from './work.ts'

/** A result is kept beside its event: what a handler says of it, not what it has made. */
const longestResult = 16_384

export interface SubscriptionParts {
  readonly context: ContextParts
  readonly codec: PayloadCodec
  readonly onError: ErrorHook
  /** Which events a processor had handled before it was reset. */
  readonly horizonOf: (processor: string) => Promise<Horizon>
  readonly clock: Clock
}

export type Handled =
  | { readonly isDone: true; readonly attempts: number; readonly value: unknown }
  | { readonly isDone: false; readonly attempts: number; readonly error: unknown }

/** How often an event was tried already. */
export interface Tried {
  readonly before: number
  /** What the last of these attempts failed by, if further ones go on with their series; undefined: they begin a new one. */
  readonly failed?: { readonly error: unknown }
  readonly edits?: number
  readonly isReplay?: boolean
}

/** Calls a subscription's handler, again and again if need be. */
export class Handling {
  readonly #subscription: Subscription
  readonly #parts: SubscriptionParts
  readonly #job: string | undefined
  readonly #first: Attempt
  readonly #again: Attempt

  /** @param job the reprocessing job that it is for; undefined: the normal run */
  constructor(subscription: Subscription, parts: SubscriptionParts, job: string | undefined) {
    this.#subscription = subscription
    this.#parts = parts
    this.#job = job
    this.#first = Object.freeze({ attempt: 1, job })
    this.#again = Object.freeze({ attempt: 1, isReplay: true })
  }

  /**
   * The first attempt at an event.
   *
   * @throws what the handler throws
   */
  first(event: RecordedEvent, isReplay: boolean): unknown {
    return this.#call(event, isReplay ? this.#again : this.#first)
  }

  #call(event: RecordedEvent, attempt: Attempt): unknown {
    const { context } = this.#parts
    return this.#subscription.handle(event, handlerContext(context, this.#subscription.name, event, attempt))
  }

  /**
   * Tries up to the policy's number of attempts, with growing pauses.
   *
   * @throws HeadwaterError `log.closed`
   */
  async again(
    event: RecordedEvent,
    { before, failed, edits = 0, isReplay = false }: Tried,
  ): Promise<Handled> {
    const { attempts, delay, longestDelay } = this.#subscription.retry
    const { clock, context } = this.#parts
    let error = failed?.error
    let pause = delay
    const first = before + 1
    const last = failed === undefined ? before + attempts : attempts
    for (let attempt = first; attempt <= last; attempt += 1) {
      if (failed !== undefined || attempt > first) {
        await clock.sleep(pause, context.signal)
        pause = Math.min(2 * pause, longestDelay)
      }
      if (context.signal.aborted)
        throw new HeadwaterError('log.closed', 'Closed while an event was being retried')
      try {
        return {
          isDone: true,
          attempts: attempt,
          value: await this.#call(event, { attempt, job: this.#job, edits, isReplay }),
        }
      } catch (next) {
        error = next
      }
    }
    return { isDone: false, attempts: Math.max(before, last), error }
  }

  /** What is kept of a success; undefined: nothing, as the checkpoint tells it. */
  resultOf(event: RecordedEvent, sequence: string, attempts: number, value: unknown): OwnResult | undefined {
    if (value === undefined && attempts === 1 && this.#job === undefined) return undefined
    return { ...this.#about(event, sequence), status: 'handled', attempts, ...this.#encoded(value) }
  }

  failureOf(event: RecordedEvent, sequence: string, attempts: number, error: string): OwnResult {
    return { ...this.#about(event, sequence), status: 'failed', attempts, result: null, error }
  }

  #about({ tenant, position }: RecordedEvent, sequence: string) {
    return { tenant, sequence, position, actor: null, why: null, job: this.#job ?? null }
  }

  /** The event is handled, whether its result can be kept or not. */
  #encoded(value: unknown): Pick<OwnResult, 'result' | 'error'> {
    if (value === undefined) return { result: null, error: null }
    try {
      const result = this.#parts.codec.encode('result', this.#subscription.name, 1, value)
      if (result.length <= longestResult) return { result, error: null }
      return { result: null, error: `The result was not kept: it is longer than ${longestResult}` }
    } catch (error) {
      return {
        result: null,
        error: `The result was not kept: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
  }
}
