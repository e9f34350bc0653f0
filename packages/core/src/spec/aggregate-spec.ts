import type { Aggregate } from '../decide/aggregate.ts'
import type { AnyCommandType, CommandMessage } from '../message/command.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { External } from '../message/external.ts'
import { AggregateOutcome } from './aggregate-outcome.ts'
import { AggregateStory, type Given, idIn, type WhenOptions } from './aggregate-story.ts'
import type { GivenAnswer } from './given-answers.ts'
import { firstSetting, type Moment, type Setting, timeOf } from './setting.ts'
import type { OwnCommand, OwnMessages } from './types.ts'

/**
 * Given facts, when a command, then facts or a rejection: the rules of an aggregate, in memory, without waiting. Each
 * step gives a new specification, so that what several tests begin with can be kept in a constant.
 */
export class AggregateSpec<
  State,
  Events extends AnyEventType,
  Commands extends AnyCommandType,
  Codes extends string,
> {
  readonly #aggregate: Aggregate<string, State, Events, Commands, Codes>
  readonly #given: readonly Given[]
  readonly #setting: Setting

  constructor(
    aggregate: Aggregate<string, State, Events, Commands, Codes>,
    given: readonly Given[] = [],
    setting: Setting = firstSetting,
  ) {
    this.#aggregate = aggregate
    this.#given = given
    this.#setting = setting
  }

  /** What follows happens at this time. Virtual time begins with 2026, and stands still. */
  at(moment: Moment): AggregateSpec<State, Events, Commands, Codes> {
    return this.#in({ now: timeOf(moment) })
  }

  /** What follows is done by this actor; by nobody in particular unless told otherwise. */
  as(actor: string | null): AggregateSpec<State, Events, Commands, Codes> {
    return this.#in({ actor })
  }

  /** What follows belongs to this tenant. */
  of(tenant: string): AggregateSpec<State, Events, Commands, Codes> {
    return this.#in({ tenant })
  }

  /**
   * What an external answers from here on: an answer, a function of the request, or an error, which is its failure. Nothing
   * is called.
   */
  answering<Request, Answer>(
    external: External<string, Request, Answer>,
    answer: GivenAnswer<Request, Answer>,
  ): AggregateSpec<State, Events, Commands, Codes> {
    return this.#in({ outside: this.#setting.outside.and(external, answer) })
  }

  /** What has happened before: events, and commands, which have to be accepted. */
  given<const Items extends readonly (NewEvent | CommandMessage)[]>(
    ...items: OwnMessages<Items, Events, Commands, 'aggregate'>
  ): AggregateSpec<State, Events, Commands, Codes> {
    const before = items.map((what) => ({ what, setting: this.#setting }))
    return new AggregateSpec(this.#aggregate, [...this.#given, ...before], this.#setting)
  }

  /**
   * The command whose outcome is looked at. It is decided twice, and has to be decided the same both times.
   *
   * @param command or a function that makes it, where making it is expected to fail (`command.invalid`)
   */
  when<const Command extends CommandMessage>(
    command: OwnCommand<Command, Commands, 'aggregate'> | (() => OwnCommand<Command, Commands, 'aggregate'>),
    options: WhenOptions = {},
  ): AggregateOutcome<State, Events, Codes> {
    const messages = [...this.#given.map(({ what }) => what), command]
    const story = new AggregateStory(this.#aggregate, idIn(this.#aggregate, messages))
    story.begin(this.#given, this.when)
    return new AggregateOutcome(story, story.decide('when', command, this.#setting, options, this.when))
  }

  #in(change: Partial<Setting>): AggregateSpec<State, Events, Commands, Codes> {
    return new AggregateSpec(this.#aggregate, this.#given, { ...this.#setting, ...change })
  }
}
