import type { CommandData, CommandMessage, AnyCommandType } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent, NewEventOf } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'
import type { Fact, FactOf } from '../message/recorded.ts'
import type { DecisionContext } from './context.ts'
import type { FoldOrder } from './fold-order.ts'
import type { Chart } from './machine/chart.ts'
import { decisionFor, evolveBy, functionsOf, refusing } from './functions.ts'
import type { Rejection } from './reject.ts'
import type { FoldContext, RuleLookup } from './rule-book.ts'
import { type SnapshotPlan, snapshotPlan, type SnapshotPolicy } from './snapshot-policy.ts'

/** Events to record, one or many; nothing, where there is nothing to do; or a rejection. */
export type Decision<Events = NewEvent, Code extends string = string> =
  | Events
  | readonly Events[]
  | Rejection<Events, Code>
  | undefined

/**
 * How two commands for one stream are kept from losing an update.
 * - `optimistic`: decide at once; decide again if the stream moved meanwhile. Best where collisions are rare.
 * - `queue`: the commands of a stream wait for each other in this process. Best for hot streams.
 * - `lock`: a lock across all processes, with a time limit in milliseconds. Best for slow decisions.
 */
export type Concurrency =
  | 'optimistic'
  | 'queue'
  | 'lock'
  | { readonly mode: 'lock'; readonly timeLimit: number }

type Named<Types, Type> = Extract<Types, { readonly type: Type }>

/** One reducer per event type: the state after it. */
export type Evolve<Events extends AnyEventType, State> = {
  readonly [Type in Events['type']]: (
    state: State,
    event: FactOf<Named<Events, Type>>,
    context: FoldContext,
  ) => State
}

/** One decision per command type: pure, from state and command to events. */
export type Decide<Commands extends AnyCommandType, Events, State> = {
  readonly [Type in Commands['type']]: (
    state: State,
    data: CommandData<Named<Commands, Type>>,
    context: DecisionContext,
  ) => Decision<NewEventOf<Events>>
}

/** The code that a decision may reject with; any text where it doesn't say. */
type ReturnedCode<Decide> = Decide extends (...parameters: never) => infer Given
  ? Given extends Rejection<unknown, infer Code>
    ? Code
    : never
  : never

/**
 * What is recorded to take back an event, by its type: from the state before it and the event, further events after which it
 * is as if it had not been; none, where there is nothing to take back.
 */
export type Reversals<Events extends AnyEventType, State> = {
  readonly [Type in Events['type']]?: (
    before: State,
    event: FactOf<Named<Events, Type>>,
  ) => NewEventOf<Events> | readonly NewEventOf<Events>[]
}

/** Of whichever events and state. */
export type AnyReversals = Readonly<Record<string, ((before: never, event: never) => unknown) | undefined>>

/** A compile error's text for commands that don't say which aggregate they are for. */
type WithoutId<Command, Id extends string> = Command extends AnyCommandType
  ? CommandData<Command> extends { readonly [Field in Id]: string }
    ? never
    : `The data of command ${Command['type']} has no field "${Id}" of type string`
  : never

export type AllHaveId<Command, Id extends string> = [WithoutId<Command, Id>] extends [never]
  ? unknown
  : WithoutId<Command, Id>

export type NoOthers<Given, Type extends string, Kind extends string> = string extends Type
  ? unknown // names made at run time can't be checked
  : {
      readonly [Other in Exclude<
        keyof Given,
        Type
      >]: `${Other & string} is not one of this aggregate's ${Kind}`
    }

/** What can be said of an aggregate in whichever form it is written. */
export interface AggregateOptions<Id extends string, State = unknown> {
  /** The field of every command that holds the aggregate's id; default: `<name>Id`. */
  readonly id?: Id
  /** Default: `optimistic`. */
  readonly concurrency?: Concurrency
  /** Default: none are kept. */
  readonly snapshots?: SnapshotPolicy<State>
  /**
   * `occurred`: an event that is recorded later than it occurred is folded where it belongs. Default `recorded`.
   */
  readonly order?: FoldOrder
  /** How events are taken back by others: `headwater.revert`. Default: they can't be. */
  readonly reverse?: AnyReversals
  readonly description?: string
}

export interface AggregateDefinition<
  Events extends readonly AnyEventType[],
  Commands extends readonly AnyCommandType[],
  State,
  Reducers,
  Decisions,
  Id extends string,
> extends AggregateOptions<Id, State> {
  readonly events: Events
  readonly commands: Commands & AllHaveId<Commands[number], Id>
  /** The state before the first event. */
  readonly initial: State
  readonly evolve: Reducers & NoOthers<Reducers, Events[number]['type'], 'events'>
  readonly decide: Decisions & NoOthers<Decisions, Commands[number]['type'], 'commands'>
  readonly reverse?: Reversals<Events[number], NoInfer<State>>
}

/** A consistency boundary: its streams are `<name>-<id>`; commands are decided on the state folded from one of them. */
export interface Aggregate<
  Name extends string = string,
  State = unknown,
  Events extends AnyEventType = AnyEventType,
  Commands extends AnyCommandType = AnyCommandType,
  /** What its commands are rejected with. */
  Codes extends string = string,
> {
  readonly kind: 'aggregate'
  readonly name: Name
  readonly idField: string
  readonly description: string | undefined
  readonly events: readonly Events[]
  readonly commands: readonly Commands[]
  readonly initial: State
  readonly concurrency: Concurrency
  readonly snapshots: SnapshotPlan | undefined
  /** In which order its events are folded. */
  readonly order: FoldOrder
  /** How events are taken back. */
  readonly reverse: AnyReversals
  /** What `evolve` is made of: who keeps what it made notices by it that it has changed. */
  readonly code: unknown
  /** How its states follow each other, where it is a state machine. */
  readonly chart?: Chart
  /**
   * The state after a fact.
   *
   * @param rules what dated rules say; default: as they are written
   */
  evolve(state: State, fact: Fact, rules?: RuleLookup): State
  /** Pure. */
  decide(state: State, command: CommandMessage, context: DecisionContext): Decision<NewEvent, Codes>
}

/**
 * Defines an aggregate: which events it records, which commands it decides, how its state follows from its events.
 * (The Decider of Jérémie Chassaing: initial, evolve, decide.)
 *
 * @param name without a dash, as a stream is named `<name>-<id>`
 * @throws HeadwaterError `app.invalid`
 */
export function aggregate<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  const Commands extends readonly AnyCommandType[],
  State,
  Reducers extends Evolve<Events[number], State>,
  Decisions extends Decide<Commands[number], Events[number], State>,
  const Id extends string = `${Name}Id`,
>(
  name: Name,
  definition: AggregateDefinition<Events, Commands, State, Reducers, Decisions, Id>,
): Aggregate<Name, State, Events[number], Commands[number], ReturnedCode<Decisions[keyof Decisions]>> {
  const { events, commands, initial } = definition
  const evolve = evolveBy<State>(name, functionsOf(name, 'evolve', events, definition.evolve))
  const decisions = functionsOf(name, 'decide', commands, definition.decide)
  type Code = ReturnedCode<Decisions[keyof Decisions]>
  const decide = (
    state: State,
    message: CommandMessage,
    context: DecisionContext,
  ): Decision<NewEvent, Code> => decisionFor(name, decisions, message)(state, message.data, context)
  const code = definition.evolve
  return buildAggregate(name, { events, commands, initial, evolve, code, decide }, definition)
}

/** What an aggregate consists of, in whichever form it was written. */
export interface AggregateParts<
  State,
  Events extends AnyEventType,
  Commands extends AnyCommandType,
  Codes extends string,
> {
  readonly events: readonly Events[]
  readonly commands: readonly Commands[]
  readonly initial: State
  readonly evolve: (state: State, fact: Fact, rules?: RuleLookup) => State
  /** What `evolve` is made of: snapshots are ignored when it has changed. */
  readonly code: unknown
  readonly decide: (
    state: State,
    message: CommandMessage,
    context: DecisionContext,
  ) => Decision<NewEvent, Codes>
}

/**
 * Makes an aggregate of its parts: functions, a class and a state machine all end here.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function buildAggregate<
  Name extends string,
  State,
  Events extends AnyEventType,
  Commands extends AnyCommandType,
  Codes extends string = string,
>(
  name: Name,
  { events, commands, initial, evolve, code, decide }: AggregateParts<State, Events, Commands, Codes>,
  options: AggregateOptions<string>,
): Aggregate<Name, State, Events, Commands, Codes> {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no aggregate: letters, digits, underscores, no dash`,
    )
  }
  const { order = 'recorded' } = options
  return {
    kind: 'aggregate',
    name,
    idField: options.id ?? `${name}Id`,
    description: options.description,
    events,
    commands,
    initial: deepFreeze(initial),
    concurrency: options.concurrency ?? 'optimistic',
    snapshots: options.snapshots && snapshotPlan(name, options.snapshots, events, [initial, code], order),
    order,
    reverse: options.reverse ?? {},
    code,
    evolve,
    decide: refusing(decide),
  }
}
