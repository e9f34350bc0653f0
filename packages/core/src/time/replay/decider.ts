import type { CallSource, OutsideCalls } from '../../external/calls.ts'
import { byCommand } from '../../external/caller.ts'
import { reachOf } from '../../external/mode.ts'
import type { Reason } from '../../decide/reject.ts'
import { aggregateIdIn } from '../../decide/decision.ts'
import type { Slot } from '../../amend/place.ts'
import { type CommandRoute, decideOn, type DecidingParts, type Handler } from '../../handle/deciding.ts'
import type { AppendHooks } from '../../handle/recorder.ts'
import type { AppendRequest, CommandToLog, EventToAppend } from '../../log/port.ts'
import type { PayloadCodec } from '../../message/codec.ts'
import type { CommandMessage } from '../../message/command.ts'
import { HeadwaterError, isHeadwaterError } from '../../message/errors.ts'
import type { ExternalCall } from '../../message/external.ts'
import { streamName } from '../../message/stream.ts'
import type { ReplayedOutcome } from './report.ts'
import type { DirtyStreams } from './dirty-streams.ts'

/** A command as it was sent then. */
export interface SentCommand {
  readonly id: string
  readonly message: CommandMessage
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  /** Epoch milliseconds: what time it was. */
  readonly now: number
  /** Of its stream, which it was decided on; undefined: it was not. */
  readonly revision: number | undefined
}

export interface DecidedAs {
  readonly stream: string
  readonly outcome: ReplayedOutcome
  /** By stream, in the order of the decision. */
  readonly events: ReadonlyMap<string, readonly EventToAppend[]>
  readonly command: CommandToLog
}

export interface DeciderParts extends DecidingParts {
  readonly routes: ReadonlyMap<string, CommandRoute & Handler>
  readonly externals: CallSource
  readonly hooks: Pick<AppendHooks, 'isInterested' | 'prepare'>
  readonly streams: DirtyStreams
  readonly tenant: string
}

/** Decides commands as of a slot, with the time, the ids and the answers of then. */
export class SlotDecider {
  readonly #parts: DeciderParts

  constructor(parts: DeciderParts) {
    this.#parts = parts
  }

  /** The stream that a command is decided on; undefined: the app has no such command any more. */
  streamOf(message: CommandMessage): string | undefined {
    const route = this.#parts.routes.get(message.type)
    return route && streamName(route.aggregate.name, aggregateIdIn(route.aggregate, message))
  }

  /** @throws HeadwaterError `external.blocked`, `branch.main-only`, `command.unknown` and what makes it impossible to decide */
  async decide(sent: SentCommand, slot: Slot): Promise<DecidedAs> {
    const { routes, streams, externals, tenant } = this.#parts
    const { id, message, actor, correlationId, causationId, now } = sent
    const route = routes.get(message.type)
    if (route === undefined)
      throw new HeadwaterError('command.unknown', `This app decides no command ${message.type} any more`)
    const { aggregate, decider = aggregate } = route
    if (decider !== aggregate && 'reads' in decider && decider.reads !== undefined)
      throw new HeadwaterError('branch.main-only', `The tables that ${message.type} saves are main’s alone`)
    const stream = streamName(aggregate.name, aggregateIdIn(aggregate, message))
    const { state, revision } = await streams.effective(aggregate, stream, slot)
    const calls = new WatchedCalls(externals.callsOf(byCommand(message.type, id), reachOf(tenant)))
    const origin = { tenant, commandId: id, actor, correlationId, causationId: null, occurredAt: now }
    const job = { aggregate, decider, message, stream, origin, cause: causationId, calls }
    const current = { state, revision: sent.revision ?? revision }
    try {
      let decided = await decideOn(this.#parts, job, current)
      while (decided === undefined) {
        await calls.fetch()
        decided = await decideOn(this.#parts, job, current)
      }
      if (calls.blocked !== undefined) throw calls.blocked
      const request = await this.#extended(decided.request)
      if (request.command === null) throw new Error('A decision is recorded with its command')
      const events = new Map(request.streams.map((part) => [part.stream, part.events]))
      const outcome = outcomeOf(this.#parts.codec, request.command)
      return { stream, outcome, events, command: request.command }
    } catch (error) {
      if (calls.broken !== undefined) throw calls.broken
      if (calls.blocked !== undefined) throw calls.blocked
      const command = this.#failedCommand(sent, error)
      return { stream, outcome: outcomeOf(this.#parts.codec, command), events: new Map(), command }
    }
  }

  /** With what in-transaction subscriptions add. */
  async #extended(request: AppendRequest): Promise<AppendRequest> {
    const { hooks } = this.#parts
    return hooks.isInterested(request.streams) ? hooks.prepare(request, async () => 0) : request
  }

  #failedCommand({ message, causationId, now }: SentCommand, error: unknown): CommandToLog {
    const { codec } = this.#parts
    return {
      type: message.type,
      payload: codec.encode('command', message.type, 1, message.data),
      status: 'rejected',
      reason: codec.encode('rejection', message.type, 1, failureOf(error)),
      causationId,
      reads: JSON.stringify({ now }),
    }
  }
}

/** As it is read again, with nothing in it that is lost on the way. */
function outcomeOf(codec: PayloadCodec, { type, status, reason }: CommandToLog): ReplayedOutcome {
  return { status, reason: reason === null ? null : (codec.decode('rejection', type, 1, reason) as Reason) }
}

/** On main nothing would have been recorded, not even that it was refused: here it takes the place of what was. */
function failureOf(error: unknown): Reason {
  const code = isHeadwaterError(error) ? error.code : 'command.failed'
  return { code, message: error instanceof Error ? error.message : String(error), data: undefined }
}

/** Notices what the journal has no answer to, whatever the decision makes of it. */
class WatchedCalls implements OutsideCalls {
  readonly #calls: OutsideCalls
  blocked: HeadwaterError | undefined
  /** The journal could not be asked. */
  broken: Error | undefined

  constructor(calls: OutsideCalls) {
    this.#calls = calls
  }

  get reads() {
    return this.#calls.reads
  }

  get isWaiting(): boolean {
    return this.#calls.isWaiting
  }

  begin(): void {
    this.#calls.begin()
  }

  async fetch(): Promise<void> {
    try {
      await this.#calls.fetch()
    } catch (error) {
      throw this.#watched(error)
    }
  }

  readonly answer = <Answer>(call: ExternalCall<string, unknown, Answer>): Answer => {
    try {
      return this.#calls.answer(call)
    } catch (error) {
      if (isHeadwaterError(error, 'external.blocked')) this.blocked = error
      throw error
    }
  }

  readonly call = async <Answer>(call: ExternalCall<string, unknown, Answer>): Promise<Answer> => {
    try {
      return await this.#calls.call(call)
    } catch (error) {
      throw this.#watched(error)
    }
  }

  #watched(error: unknown): unknown {
    if (isHeadwaterError(error, 'external.blocked')) this.blocked = error
    else if (!isHeadwaterError(error) || error.code.startsWith('log.'))
      this.broken = error instanceof Error ? error : new Error(String(error))
    return error
  }
}
