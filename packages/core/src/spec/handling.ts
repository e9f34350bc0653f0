import { isRejection } from '../decide/decision.ts'
import type { Rejection } from '../decide/reject.ts'
import type { ExecuteOptions, Outcome } from '../handle/outcome.ts'
import type { CommandMessage } from '../message/command.ts'
import type { NewEvent } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { handlerContext } from '../process/handler-context.ts'
import type { Subscription } from '../process/subscription.ts'
import type { GivenAnswers } from './given-answers.ts'

/** A command that a handler sent. */
export interface Sent {
  readonly id: string
  readonly type: string
  readonly data: unknown
}

/** An event that an in-transaction subscription added. */
export interface Added {
  readonly stream: string
  readonly type: string
  readonly data: unknown
}

/** What a handler made of events, from one end of them to the other. */
export interface Handled {
  readonly sent: readonly Sent[]
  readonly added: readonly Added[]
  /** What it threw, and nothing was handled after that. */
  readonly thrown: { readonly error: unknown } | undefined
}

/** What commands are answered with, by their type, where they are not accepted. */
export type Answers = ReadonlyMap<string, Rejection | Error>

/** Hands events over as the runtime does, with the ids that it derives. */
export async function handle(
  subscription: Subscription,
  events: readonly RecordedEvent[],
  answers: Answers,
  externals: GivenAnswers,
): Promise<Handled> {
  const sent: Sent[] = []
  const added: Added[] = []
  const execute = async (command: CommandMessage, { id = '' }: ExecuteOptions): Promise<Outcome> => {
    sent.push({ id, type: command.type, data: command.data })
    return answer(answers.get(command.type), id)
  }
  const append = (stream: string, more: readonly NewEvent[]): void =>
    void added.push(...more.map(({ type, data }) => ({ stream, type, data })))
  const parts = { execute, externals, signal: new AbortController().signal }
  try {
    for (const event of events) {
      const context =
        subscription.when === 'in-transaction'
          ? { append }
          : handlerContext(parts, subscription.name, event, { attempt: 1 })
      await subscription.handle(event, context)
    }
  } catch (error) {
    return { sent, added, thrown: { error } }
  }
  return { sent, added, thrown: undefined }
}

function answer(given: Rejection | Error | undefined, commandId: string): Outcome {
  if (given instanceof Error) throw given
  const common = { commandId, stream: 'elsewhere', revision: 1, position: undefined, events: [] }
  return given !== undefined && isRejection(given)
    ? { status: 'rejected', ...common, reason: given.reason }
    : { status: 'accepted', ...common }
}
