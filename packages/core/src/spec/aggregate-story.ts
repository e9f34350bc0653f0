import type { Aggregate, Decision } from '../decide/aggregate.ts'
import { decisionContext, type DecisionInput } from '../decide/context.ts'
import { aggregateIdIn, eventsOf, isRejection } from '../decide/decision.ts'
import type { Reason } from '../decide/reject.ts'
import type { ExecuteOptions } from '../handle/outcome.ts'
import { decisionFailed, forbidden } from '../handle/refusals.ts'
import type { CommandMessage } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { streamName } from '../message/stream.ts'
import { differences } from './difference.ts'
import { type Caller, failure } from './failure.ts'
import { History } from './history.ts'
import { describeDifferences, type StoryLine, tell } from './print.ts'
import type { Setting } from './setting.ts'
import { virtualIds } from './virtual-ids.ts'

/** What may be said of a command beside its data. */
export type WhenOptions = Pick<
  ExecuteOptions,
  'id' | 'actor' | 'correlationId' | 'causationId' | 'occurredAt' | 'tenant'
>

/** A command, or what makes it. */
export type CommandOrMaker = CommandMessage | (() => CommandMessage)

/** Something that has happened before. */
export interface Given {
  readonly what: NewEvent | CommandOrMaker
  readonly setting: Setting
}

/** What became of a command. */
export type Result = { readonly command: string } & (
  | { readonly status: 'accepted'; readonly events: readonly RecordedEvent[] }
  | { readonly status: 'rejected'; readonly reason: Reason; readonly events: readonly RecordedEvent[] }
  | { readonly status: 'failed'; readonly error: unknown }
)

/** What happens to one aggregate, without a log: decided and folded as the runtime does it. */
export class AggregateStory<State> {
  readonly lines: StoryLine[] = []
  readonly #aggregate: Aggregate<string, State>
  readonly #history = new History()
  /** Where they are folded in the order in which they occurred: all, in this order. */
  readonly #events: RecordedEvent[] = []
  readonly #newId: () => string
  readonly #id: string
  #now = 0
  #state: State

  /** @param id of the aggregate that it is about */
  constructor(aggregate: Aggregate<string, State>, id: string) {
    this.#aggregate = aggregate
    this.#id = id
    this.#state = aggregate.initial
    this.#newId = virtualIds(() => this.#now)
  }

  get name(): string {
    return this.#aggregate.name
  }

  get state(): State {
    return this.#state
  }

  begin(given: readonly Given[], caller: Caller): void {
    for (const { what, setting } of given) {
      this.#now = setting.now
      if (!isCommand(what)) this.#happened(what, setting, caller)
      else this.#requireAccepted(this.decide('given', what, setting, {}, caller), caller)
    }
  }

  /** The command as it is decided now; what it records has happened from now on. */
  decide(
    word: StoryLine['word'],
    command: CommandOrMaker,
    setting: Setting,
    options: WhenOptions,
    caller: Caller,
  ): Result {
    this.#now = options.occurredAt?.getTime() ?? setting.now
    const input = {
      commandId: options.id ?? this.#newId(),
      actor: options.actor === undefined ? setting.actor : options.actor,
      tenant: options.tenant ?? setting.tenant,
      now: this.#now,
    }
    const answer = setting.outside.take
    let type = 'the command'
    try {
      const message = typeof command === 'function' ? command() : command
      type = message.type
      this.lines.push({ word, type, data: message.data })
      const stream = this.#streamOf(message)
      const refusal = forbidden(this.#typeOf(message), message, input.actor)
      if (refusal !== undefined) throw refusal
      const correlationId = options.correlationId ?? input.commandId
      const revision = this.#history.revisionOf(input.tenant, stream)
      const decision = this.#decideTwice(
        message,
        { ...input, correlationId, stream, revision, answer },
        caller,
      )
      const by = { ...input, correlationId: options.correlationId ?? null, causationId: null }
      const events = this.#fold(this.#history.record(stream, eventsOf(decision), by), caller)
      return isRejection(decision)
        ? { command: type, status: 'rejected', reason: decision.reason, events }
        : { command: type, status: 'accepted', events }
    } catch (error) {
      if (error instanceof HeadwaterError) return { command: type, status: 'failed', error }
      throw error
    }
  }

  #happened(event: NewEvent, setting: Setting, caller: Caller): void {
    this.lines.push({ word: 'given', type: event.type, data: event.data })
    const by = { ...setting, commandId: this.#newId(), correlationId: null, causationId: '' }
    this.#fold(this.#history.record(streamName(this.#aggregate.name, this.#id), [event], by), caller)
  }

  #requireAccepted(result: Result, caller: Caller): void {
    if (result.status === 'accepted') return
    const why = result.status === 'rejected' ? describeReason(result.reason) : String(result.error)
    throw failure(
      {
        headline: `${this.#aggregate.name}: ${result.command} can't be given, as it was refused`,
        details: [`  ${why}`],
        story: tell(this.lines, []),
        expected: 'accepted',
        actual: result.status,
        ...(result.status === 'failed' && { cause: result.error }),
      },
      caller,
    )
  }

  /** Twice, as the runtime may have to where two commands race: both times the same has to come out. */
  #decideTwice(message: CommandMessage, input: DecisionInput, caller: Caller): Decision {
    const decide = () => {
      try {
        return this.#aggregate.decide(this.#state, message, decisionContext(input))
      } catch (cause) {
        throw decisionFailed(message.type, input.stream, cause)
      }
    }
    const decision = decide()
    const again = decide()
    const found = differences(decision, again)
    if (found.length === 0) return decision
    throw failure(
      {
        headline: `${this.#aggregate.name}: ${message.type} was decided twice in the same way, and something else came out`,
        details: [
          ...describeDifferences(found, ['once', 'again']),
          '  A decision gets time and ids from its context, and changes nothing.',
        ],
        story: tell(this.lines, []),
        expected: decision,
        actual: again,
      },
      caller,
    )
  }

  #fold(events: readonly RecordedEvent[], caller: Caller): readonly RecordedEvent[] {
    const isSorted = this.#aggregate.order === 'occurred'
    if (isSorted) {
      this.#events.push(...events)
      this.#events.sort((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime())
      this.#state = this.#aggregate.initial
    }
    for (const event of isSorted ? this.#events : events) {
      try {
        this.#state = this.#aggregate.evolve(this.#state, event)
      } catch (cause) {
        const headline = `${this.#aggregate.name}: evolve.${event.type} threw ${String(cause)}`
        const story = tell(this.lines, [])
        throw failure({ headline, story, expected: 'a state', actual: cause, cause }, caller)
      }
    }
    return events
  }

  /** All of it is about one and the same aggregate. */
  #streamOf(message: CommandMessage): string {
    const id = aggregateIdIn(this.#aggregate, message)
    if (id === this.#id) return streamName(this.#aggregate.name, id)
    throw new TypeError(
      `This specification is about ${this.#aggregate.name} ${this.#id}, and ${message.type} is for ${id}`,
    )
  }

  #typeOf(message: CommandMessage) {
    const type = this.#aggregate.commands.find((command) => command.type === message.type)
    if (type !== undefined) return type
    throw new HeadwaterError('command.unknown', `${this.#aggregate.name} does not decide ${message.type}`)
  }
}

export function describeReason({ code, message, data }: Reason): string {
  const more = message === undefined ? '' : `: ${message}`
  return data === undefined ? code + more : `${code + more} ${JSON.stringify(data)}`
}

function isCommand(what: Given['what']): what is CommandOrMaker {
  return typeof what === 'function' || 'kind' in what
}

/** The id of the aggregate that a story is about: the first command says it. */
export function idIn(aggregate: Pick<Aggregate, 'idField'>, messages: readonly Given['what'][]): string {
  for (const message of messages) {
    if (typeof message !== 'function' && isCommand(message)) return aggregateIdIn(aggregate, message)
  }
  return 'spec'
}
