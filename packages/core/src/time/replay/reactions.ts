import type { CallSource } from '../../external/calls.ts'
import type { Outcome } from '../../handle/outcome.ts'
import type { CommandMessage } from '../../message/command.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { handlerContext } from '../../process/handler-context.ts'
import type { HandlerContext, Subscription } from '../../process/subscription.ts'

/** A command that a subscription sends now, and waits for. */
export interface Sent {
  readonly id: string
  readonly message: CommandMessage
  readonly actor: string | null
  readonly correlationId: string | null
  readonly cause: RecordedEvent
  answer(outcome: Outcome): Promise<void>
}

export interface ReactionsParts {
  readonly subscriptions: readonly Subscription[]
  readonly externals: CallSource
  readonly signal: AbortSignal
  /** A command is sent that is not decided yet. */
  readonly onSent: (sent: Sent) => Promise<void>
  readonly onFailed: (subscription: string, event: RecordedEvent, error: unknown) => void
}

/**
 * Runs subscriptions that are pure on events that are others now, and on those whose commands have come to something else:
 * each goes on as far as what it has sent is decided, and waits there until the replay is at its next command.
 */
export class Reactions {
  readonly #parts: ReactionsParts
  readonly #pure: ReadonlyMap<string, Subscription>
  /** Those that have begun. */
  readonly #begun = new Set<string>()
  readonly #sent = new Map<string, Sent>()

  constructor(parts: ReactionsParts) {
    this.#parts = parts
    this.#pure = new Map(
      parts.subscriptions
        .filter(({ isPure }) => isPure)
        .map((subscription) => [subscription.name, subscription]),
    )
  }

  /** The subscription that sends commands as an actor; undefined: none does, or it is not pure. */
  pureBy(actor: string | null): Subscription | undefined {
    return actor?.startsWith(prefix) === true ? this.#pure.get(actor.slice(prefix.length)) : undefined
  }

  /** Those to events of a type. */
  to(type: string): readonly Subscription[] {
    return this.#parts.subscriptions.filter(({ events }) => events.some((event) => event.type === type))
  }

  isRunning(subscription: Subscription, eventId: string): boolean {
    return this.#begun.has(keyOf(subscription, eventId))
  }

  /** What is waited for under a command's id; it is no longer, then. */
  take(id: string): Sent | undefined {
    const sent = this.#sent.get(id)
    this.#sent.delete(id)
    return sent
  }

  /** @param known what commands came to that were sent before */
  async start(
    subscription: Subscription,
    event: RecordedEvent,
    known: (id: string) => Promise<Outcome | undefined>,
  ): Promise<void> {
    const key = keyOf(subscription, event.id)
    if (this.#begun.has(key)) return
    this.#begun.add(key)
    const keep = (sent: Sent): void => void this.#sent.set(sent.id, sent)
    await new Run(this.#parts, subscription, event, known, keep).go()
  }
}

const prefix = 'subscription:'

function keyOf({ name }: Subscription, eventId: string): string {
  return `${name}/${eventId}`
}

class Run {
  readonly #parts: ReactionsParts
  readonly #subscription: Subscription
  readonly #event: RecordedEvent
  readonly #known: (id: string) => Promise<Outcome | undefined>
  readonly #keep: (sent: Sent) => void
  /** What was sent and not told to the replay yet. */
  #news: Sent[] = []
  /** Commands that are sent and not answered. */
  #waiting = 0
  /** Questions to the journal, or to what is known, under way. */
  #asking = 0
  #hasEnded = false
  #wake: () => void = () => undefined

  constructor(
    parts: ReactionsParts,
    subscription: Subscription,
    event: RecordedEvent,
    known: (id: string) => Promise<Outcome | undefined>,
    keep: (sent: Sent) => void,
  ) {
    this.#parts = parts
    this.#subscription = subscription
    this.#event = event
    this.#known = known
    this.#keep = keep
  }

  /** Begins, and goes on until it waits for a command, or has ended. */
  async go(): Promise<void> {
    const { onFailed } = this.#parts
    const end = (): void => {
      this.#hasEnded = true
      this.#wake()
    }
    const handling = async (): Promise<unknown> => this.#subscription.handle(this.#event, this.#context())
    handling().then(end, (error: unknown) => {
      onFailed(this.#subscription.name, this.#event, error)
      end()
    })
    await this.#settle()
  }

  async #settle(): Promise<void> {
    for (;;) {
      // What follows from an answer without asking for anything has happened by then.
      await new Promise(setImmediate)
      if (this.#hasEnded || (this.#waiting > 0 && this.#asking === 0)) break
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const news = this.#news
    this.#news = []
    for (const sent of news) await this.#parts.onSent(sent)
  }

  #context(): HandlerContext {
    const parts = { externals: this.#parts.externals, signal: this.#parts.signal, execute: this.#execute }
    const context = handlerContext(parts, this.#subscription.name, this.#event, {
      attempt: 1,
      isReplay: true,
    })
    return {
      execute: context.execute,
      call: (call) => this.#asked(() => context.call(call)),
      idempotencyKey: context.idempotencyKey,
      attempt: 1,
      reprocessing: undefined,
      signal: context.signal,
    }
  }

  readonly #execute = async (
    message: CommandMessage,
    options: { readonly id?: string; readonly actor?: string | null; readonly correlationId?: string },
  ): Promise<Outcome> => {
    const { id = '', actor = null, correlationId = null } = options
    const known = await this.#asked(() => this.#known(id))
    if (known !== undefined) return known
    return new Promise<Outcome>((resolve) => {
      this.#waiting += 1
      const answer = async (outcome: Outcome): Promise<void> => {
        this.#waiting -= 1
        resolve(outcome)
        await this.#settle()
      }
      const sent = { id, message, actor, correlationId, cause: this.#event, answer }
      this.#news.push(sent)
      this.#keep(sent)
      this.#wake()
    })
  }

  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.#asking += 1
    try {
      return await ask()
    } finally {
      this.#asking -= 1
      this.#wake()
    }
  }
}
