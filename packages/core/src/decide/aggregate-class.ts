import { inspect } from 'node:util'
import type { AnyCommandType, CommandData } from '../message/command.ts'
import type { AnyEventType, NewEventOf } from '../message/event.ts'
import {
  type Aggregate,
  type AggregateOptions,
  type AllHaveId,
  buildAggregate,
  type Evolve,
  type NoOthers,
} from './aggregate.ts'
import type { DecisionContext } from './context.ts'
import { decisionFor, evolveBy, functionsOf } from './functions.ts'
import type { Rejection } from './reject.ts'
import { type ClassDefinition, Turn } from './turn.ts'

/**
 * What classes of aggregates extend, by way of {@link aggregateClass}. An instance lives for one turn: it is made on the
 * state of its stream, its methods raise events, the events are recorded.
 */
export abstract class AggregateRoot<State = unknown, Events extends AnyEventType = AnyEventType> {
  readonly #turn: Turn<State>

  constructor(turn: Turn<State>) {
    this.#turn = turn
  }

  get id(): string {
    return this.#turn.id
  }

  /** The revision of the stream that this instance was made on; 0: it has no events yet. */
  get revision(): number {
    return this.#turn.context.revision
  }

  /** Folded from the events, those that were raised included. It is replaced by {@link raise}, never changed in place. */
  protected get state(): Readonly<State> {
    return this.#turn.state
  }

  /** Time, ids and the actor, as a decision has them. */
  protected get context(): DecisionContext {
    return this.#turn.context
  }

  /**
   * Raises an event: the state has it at once, the log when the turn is over.
   *
   * @throws HeadwaterError `event.unknown` for an event that the class does not declare
   */
  protected raise(event: NewEventOf<Events>): void {
    this.#turn.raise(event)
  }

  [inspect.custom](): unknown {
    return { id: this.id, revision: this.revision, state: this.state }
  }
}

export interface AggregateClassDefinition<
  Events extends readonly AnyEventType[],
  State,
  Reducers,
  Id extends string,
> extends AggregateOptions<Id, State> {
  readonly events: Events
  /** The state before the first event. */
  readonly initial: State
  readonly evolve: Reducers & NoOthers<Reducers, Events[number]['type'], 'events'>
}

/** A class that {@link aggregateClass} gave, or one that extends it. */
export interface AggregateBase<
  Name extends string,
  State,
  Events extends AnyEventType,
  Id extends string = string,
> {
  readonly definition: ClassDefinition<Name, State, Events, Id>
}

/** A class of aggregates that can be made. */
export interface AggregateClass<
  Name extends string = string,
  State = never,
  Events extends AnyEventType = AnyEventType,
  Instance extends object = object,
  Id extends string = string,
> extends AggregateBase<Name, State, Events, Id> {
  new (turn: Turn<State>): Instance
}

/**
 * A class to extend: its state and how events change it are given here, its methods are yours.
 *
 * ```ts
 * class LightSwitch extends aggregateClass('lightSwitch', { events, initial, evolve }) {
 *   turnOn() {
 *     if (this.state.shines) throw new AlreadyTurnedOn()
 *     this.raise(TurnedOn({}))
 *   }
 * }
 * ```
 *
 * @param name without a dash, as a stream is named `<name>-<id>`
 * @throws HeadwaterError `app.invalid`
 */
export function aggregateClass<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  State,
  Reducers extends Evolve<Events[number], State>,
  const Id extends string = `${Name}Id`,
>(
  name: Name,
  given: AggregateClassDefinition<Events, State, Reducers, Id>,
): (abstract new (
  turn: Turn<State>,
) => AggregateRoot<State, Events[number]>) &
  AggregateBase<Name, State, Events[number], Id> {
  const { events, initial, evolve, ...options } = given
  const reducers = functionsOf(name, 'evolve', events, evolve)
  const definition: ClassDefinition<Name, State, Events[number], Id> = {
    name,
    events,
    initial,
    evolve: evolveBy<State>(name, reducers),
    code: evolve,
    options,
  }
  abstract class Root extends AggregateRoot<State, Events[number]> {
    static readonly definition = definition
  }
  return Root
}

/** One call per command type: which method it is, and with what. What the method raises is recorded. */
export type Calls<Commands extends AnyCommandType, Events, Instance> = {
  readonly [Type in Commands['type']]: (
    instance: Instance,
    data: CommandData<Extract<Commands, { readonly type: Type }>>,
    context: DecisionContext,
  ) => CallResult<NewEventOf<Events>>
}

/** Nothing, as events are raised; or a rejection. */
// biome-ignore lint/suspicious/noConfusingVoidType: a method that gives nothing is what most calls are
export type CallResult<Events> = void | Rejection<Events>

export interface AggregateOfDefinition<
  Commands extends readonly AnyCommandType[],
  Decisions,
  Id extends string,
> {
  readonly commands: Commands & AllHaveId<Commands[number], Id>
  readonly decide: Decisions & NoOthers<Decisions, Commands[number]['type'], 'commands'>
}

/**
 * The aggregate of a class, for an app: its commands are calls of its methods.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function aggregateOf<
  const Name extends string,
  State,
  Events extends AnyEventType,
  Instance extends object,
  Id extends string,
  const Commands extends readonly AnyCommandType[] = readonly [],
  Decisions extends Calls<Commands[number], Events, Instance> = Calls<Commands[number], Events, Instance>,
>(
  of: AggregateClass<Name, State, Events, Instance, Id>,
  given?: AggregateOfDefinition<Commands, Decisions, Id>,
): Aggregate<Name, State, Events, Commands[number]> {
  const { name, events, initial, evolve, code, options } = of.definition
  const commands: readonly Commands[number][] = given?.commands ?? []
  const calls = functionsOf(name, 'decide', commands, given?.decide ?? {})
  return buildAggregate(
    name,
    {
      events,
      commands,
      initial,
      evolve,
      code,
      decide: (state, message, context) => {
        const turn = new Turn(of.definition, state, context)
        const call = decisionFor(name, calls, message)
        return turn.end(call(new of(turn), message.data, context))
      },
    },
    options,
  )
}
