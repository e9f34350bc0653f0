import type { CommandMessage } from '../message/command.ts'
import { deriveId } from '../message/identity.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { HandlerContext } from './subscription.ts'

export interface ContextParts {
  readonly execute: (command: CommandMessage, options: ExecuteOptions) => Promise<Outcome>
  readonly signal: AbortSignal
}

/** What a subscription gets beside the event; made anew for each attempt, cheaply, as a replay makes a million. */
class EventContext implements HandlerContext {
  readonly attempt: number
  readonly #parts: ContextParts
  readonly #subscription: string
  readonly #event: RecordedEvent
  #calls = 0

  constructor(parts: ContextParts, subscription: string, event: RecordedEvent, attempt: number) {
    this.#parts = parts
    this.#subscription = subscription
    this.#event = event
    this.attempt = attempt
  }

  get idempotencyKey(): string {
    return deriveId('handler', this.#subscription, this.#event.tenant, this.#event.id)
  }

  get signal(): AbortSignal {
    return this.#parts.signal
  }

  // An arrow, so that handlers can take it out of the context.
  readonly execute = (command: CommandMessage): Promise<Outcome> => {
    this.#calls += 1
    const { id, tenant, correlationId } = this.#event
    return this.#parts.execute(command, {
      id: deriveId('reaction', this.#subscription, id, this.#calls),
      tenant,
      actor: `subscription:${this.#subscription}`,
      causationId: id,
      ...(correlationId !== null && { correlationId }),
    })
  }
}

export function handlerContext(
  parts: ContextParts,
  subscription: string,
  event: RecordedEvent,
  attempt: number,
): HandlerContext {
  return new EventContext(parts, subscription, event, attempt)
}
