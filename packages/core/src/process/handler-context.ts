import { byReaction } from '../external/caller.ts'
import type { CallSource, OutsideCalls } from '../external/calls.ts'
import { reachOf } from '../external/mode.ts'
import type { CommandMessage } from '../message/command.ts'
import type { ExternalCall } from '../message/external.ts'
import { deriveId } from '../message/identity.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { HandlerContext } from './subscription.ts'

export interface ContextParts {
  readonly execute: (command: CommandMessage, options: ExecuteOptions) => Promise<Outcome>
  readonly externals: CallSource
  readonly signal: AbortSignal
}

/** Which series of attempts at an event it is. */
export interface Attempt {
  /** From 1. */
  readonly attempt: number
  /** The reprocessing job that it belongs to. */
  readonly job?: string | undefined
  /** How often the event was edited. */
  readonly edits?: number
  /** It was handled before the processor was reset: nothing reaches the outside. */
  readonly isReplay?: boolean
}

/** What a subscription gets beside the event; made anew for each attempt, cheaply, as a replay makes a million. */
class EventContext implements HandlerContext {
  readonly #parts: ContextParts
  readonly #subscription: string
  readonly #event: RecordedEvent
  readonly #attempt: Attempt
  #calls = 0
  #outside: OutsideCalls | undefined

  constructor(parts: ContextParts, subscription: string, event: RecordedEvent, attempt: Attempt) {
    this.#parts = parts
    this.#subscription = subscription
    this.#event = event
    this.#attempt = attempt
  }

  get attempt(): number {
    return this.#attempt.attempt
  }

  get reprocessing(): string | undefined {
    return this.#attempt.job
  }

  get idempotencyKey(): string {
    return deriveId('handler', this.#subscription, this.#event.tenant, this.#event.id, ...this.#series())
  }

  get signal(): AbortSignal {
    return this.#parts.signal
  }

  // An arrow, so that handlers can take it out of the context.
  readonly execute = (command: CommandMessage): Promise<Outcome> => {
    this.#calls += 1
    const { id, tenant, correlationId } = this.#event
    return this.#parts.execute(command, {
      id: deriveId('reaction', this.#subscription, id, this.#calls, ...this.#series()),
      tenant,
      actor: `subscription:${this.#subscription}`,
      causationId: id,
      ...(correlationId !== null && { correlationId }),
    })
  }

  readonly call = <Answer>(call: ExternalCall<string, unknown, Answer>): Promise<Answer> => {
    this.#outside ??= this.#parts.externals.callsOf(
      byReaction(this.#subscription, this.#event.id, this.#series()),
      reachOf(this.#event.tenant, this.#attempt.isReplay === true ? 'replayed' : 'live'),
    )
    return this.#outside.call(call)
  }

  /** Other data and a deliberate repetition mean other effects; the attempts at them have the same. */
  #series(): readonly (string | number)[] {
    const { job, edits = 0 } = this.#attempt
    return [...(job === undefined ? [] : ['job', job]), ...(edits === 0 ? [] : ['edit', edits])]
  }
}

export function handlerContext(
  parts: ContextParts,
  subscription: string,
  event: RecordedEvent,
  attempt: Attempt,
): HandlerContext {
  return new EventContext(parts, subscription, event, attempt)
}
