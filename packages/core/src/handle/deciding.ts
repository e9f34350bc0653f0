import type { Aggregate, Decision } from '../decide/aggregate.ts'
import { decisionContext, DecisionReads, type DecisionContext } from '../decide/context.ts'
import { eventsOf, isRejection } from '../decide/decision.ts'
import type { Rejection } from '../decide/reject.ts'
import type { RuleBook } from '../decide/rule-book.ts'
import type { OutsideCalls } from '../external/calls.ts'
import type { AppendRequest, CommandToLog } from '../log/port.ts'
import { pendingRows } from '../log/rows.ts'
import type { Statement } from '../log/sql.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { AnyCommandType, CommandMessage } from '../message/command.ts'
import type { NewEvent } from '../message/event.ts'
import type { Reads } from './answers.ts'
import type { GatheredStream } from './gathering.ts'
import { appendRequest, type Origin, type StreamPart } from './request.ts'
import type { StreamStates } from './states.ts'
import type { StreamState } from './stream-state.ts'

/** A command type and the one aggregate that decides it. */
export interface CommandRoute {
  readonly command: AnyCommandType
  readonly aggregate: Aggregate
}

/** What the executor needs of a route. */
export interface Handler {
  readonly command: Pick<AnyCommandType, 'authorize'>
  readonly aggregate: Aggregate
  /** What decides; default: the aggregate. */
  readonly decider?: Decider
}

/** Decides on a state, at once or after it has looked at more. */
export interface Decider {
  decide(
    state: unknown,
    command: CommandMessage,
    context: DecisionContext,
    outside: Pick<OutsideCalls, 'call'>,
  ): Decision | Promise<Deciding>
  /** It races for rows that streams share: it may lose so often, waits a while in between, and in this line. */
  readonly sharing?: { readonly mostAttempts: number; readonly line: string }
  /** What it reads beside its stream, for the command log. */
  readonly reads?: Pick<Reads, 'tables'>
}

/** A decision that took its time, and what else is recorded with it. */
export interface Deciding {
  readonly decision: Decision
  /** Others than the one that is decided on. */
  readonly streams: readonly GatheredStream[]
  readonly statements: readonly Statement[]
}

export interface DecidingParts {
  readonly codec: PayloadCodec
  readonly states: Pick<StreamStates, 'after'>
  readonly rules: RuleBook
}

/** A command, and all that its decision goes by but the state. */
export interface ToDecide {
  readonly aggregate: Aggregate
  readonly decider: Decider
  readonly message: CommandMessage
  readonly stream: string
  readonly origin: Origin
  /** The event that this command is a reaction to. */
  readonly cause: string | null
  readonly calls: OutsideCalls
}

/** A decision, to be recorded. */
export interface Decided {
  readonly request: AppendRequest
  readonly rejection: Rejection | undefined
  readonly after: StreamState
}

/**
 * Decides, and folds what was decided: nothing is recorded that the aggregate could not read again. Undefined: it waits for
 * the outside.
 *
 * @throws what the decision, or the fold, throws
 */
export async function decideOn(
  parts: DecidingParts,
  job: ToDecide,
  current: StreamState,
): Promise<Decided | undefined> {
  const { codec, states, rules } = parts
  const { aggregate, decider, message, stream, origin, calls } = job
  calls.begin()
  const reads = new DecisionReads()
  try {
    const correlationId = origin.correlationId ?? origin.commandId
    const input = {
      ...origin,
      now: origin.occurredAt,
      correlationId,
      stream,
      revision: current.revision,
      rules,
      answer: calls.answer,
    }
    const context = decisionContext(input, reads)
    const made = decider.decide(current.state, message, context, calls)
    const { decision, streams, statements } = made instanceof Promise ? await made : atOnce(made)
    // Whoever caught what `answer` threw has decided in vain.
    if (calls.isWaiting) return undefined
    const rejection = isRejection(decision) ? decision : undefined
    const part = { stream, expected: current.revision, events: eventsOf(decision) }
    const command = commandToLog(codec, job, current, part.events, rejection, reads)
    const request = appendRequest(codec, origin, withOthers(part, streams), command, [], statements)
    const rows = [...pendingRows(request)].filter((row) => row.stream === stream)
    const folded = states.after(aggregate, current, rows)
    return { request, rejection, after: folded instanceof Promise ? await folded : folded }
  } catch (cause) {
    if (calls.isWaiting) return undefined
    throw cause
  }
}

function commandToLog(
  codec: PayloadCodec,
  { message, stream, origin, cause, decider, calls }: ToDecide,
  { revision }: StreamState,
  [first]: readonly NewEvent[],
  rejection: Rejection | undefined,
  { rules }: DecisionReads,
): CommandToLog {
  return {
    type: message.type,
    payload: codec.encode('command', message.type, 1, message.data),
    status: rejection === undefined ? 'accepted' : 'rejected',
    reason: rejection === undefined ? null : codec.encode('rejection', message.type, 1, rejection.reason),
    causationId: cause,
    reads: JSON.stringify({
      streams: [[stream, revision]],
      // Told by its first event, unless that one says itself when it occurred.
      now: first !== undefined && first.occurredAt === undefined ? undefined : origin.occurredAt,
      rules,
      externals: calls.reads,
      ...decider.reads,
    }),
  }
}

/** A decision that waited for nothing, and so has gathered nothing. */
function atOnce(decision: Decision): Deciding {
  return { decision, streams: none, statements: none }
}

const none: readonly never[] = Object.freeze([])

/** The stream that is decided on first, whose revision is checked; of others none is expected. */
function withOthers(part: StreamPart, others: readonly GatheredStream[]): readonly StreamPart[] {
  return [part, ...others.map((other): StreamPart => ({ ...other, expected: 'any' }))]
}
