import type { CommandData, CommandMessage, AnyCommandType } from '../message/command.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent, NewEventOf } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'
import type { Fact, FactOf } from '../message/recorded.ts'
import type { DecisionContext } from './context.ts'
import type { Rejection } from './reject.ts'

/** Events to record, one or many; nothing, where there is nothing to do; or a rejection. */
export type Decision<Events = NewEvent> = Events | readonly Events[] | Rejection<Events> | undefined

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
  readonly [Type in Events['type']]: (state: State, event: FactOf<Named<Events, Type>>) => State
}

/** One decision per command type: pure, from state and command to events. */
export type Decide<Commands extends AnyCommandType, Events, State> = {
  readonly [Type in Commands['type']]: (
    state: State,
    data: CommandData<Named<Commands, Type>>,
    context: DecisionContext,
  ) => Decision<NewEventOf<Events>>
}

/** A compile error's text for commands that don't say which aggregate they are for. */
type WithoutId<Command, Id extends string> = Command extends AnyCommandType
  ? CommandData<Command> extends { readonly [Field in Id]: string }
    ? never
    : `The data of command ${Command['type']} has no field "${Id}" of type string`
  : never

type AllHaveId<Command, Id extends string> = [WithoutId<Command, Id>] extends [never]
  ? unknown
  : WithoutId<Command, Id>

type NoOthers<Given, Type extends string, Kind extends string> = string extends Type
  ? unknown // names made at run time can't be checked
  : {
      readonly [Other in Exclude<
        keyof Given,
        Type
      >]: `${Other & string} is not one of this aggregate's ${Kind}`
    }

export interface AggregateDefinition<
  Events extends readonly AnyEventType[],
  Commands extends readonly AnyCommandType[],
  State,
  Reducers,
  Decisions,
  Id extends string,
> {
  readonly events: Events
  readonly commands: Commands & AllHaveId<Commands[number], Id>
  /** The state before the first event. */
  readonly initial: State
  readonly evolve: Reducers & NoOthers<Reducers, Events[number]['type'], 'events'>
  readonly decide: Decisions & NoOthers<Decisions, Commands[number]['type'], 'commands'>
  /** The field of every command that holds the aggregate's id; default: `<name>Id`. */
  readonly id?: Id
  /** Default: `optimistic`. */
  readonly concurrency?: Concurrency
  readonly description?: string
}

/** A consistency boundary: its streams are `<name>-<id>`; commands are decided on the state folded from one of them. */
export interface Aggregate<
  Name extends string = string,
  State = unknown,
  Events extends AnyEventType = AnyEventType,
  Commands extends AnyCommandType = AnyCommandType,
> {
  readonly kind: 'aggregate'
  readonly name: Name
  readonly idField: string
  readonly description: string | undefined
  readonly events: readonly Events[]
  readonly commands: readonly Commands[]
  readonly initial: State
  readonly concurrency: Concurrency
  /** The state after a fact. */
  evolve(state: State, fact: Fact): State
  /** Pure. */
  decide(state: State, command: CommandMessage, context: DecisionContext): Decision
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
): Aggregate<Name, State, Events[number], Commands[number]> {
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no aggregate: letters, digits, underscores, no dash`,
    )
  }
  const reducers = new Map<string, Function>(Object.entries<Function>(definition.evolve))
  const decisions = new Map<string, Function>(Object.entries<Function>(definition.decide))
  requireAll(name, 'evolve', definition.events, reducers)
  requireAll(name, 'decide', definition.commands, decisions)
  return {
    kind: 'aggregate',
    name,
    idField: definition.id ?? `${name}Id`,
    description: definition.description,
    events: definition.events,
    commands: definition.commands,
    initial: deepFreeze(definition.initial),
    concurrency: definition.concurrency ?? 'optimistic',
    evolve: (state, fact) => {
      const reduce = reducers.get(fact.type)
      if (reduce === undefined) {
        throw new HeadwaterError('event.unknown', `Aggregate ${name} has no reducer for event ${fact.type}`)
      }
      return reduce(state, fact)
    },
    decide: (state, message, context) => {
      const decide = decisions.get(message.type)
      if (decide === undefined) {
        throw new HeadwaterError(
          'command.unknown',
          `Aggregate ${name} does not decide command ${message.type}`,
        )
      }
      return decide(state, message.data, context)
    },
  }
}

// The compiler checks this for users of TypeScript; users of JavaScript get it when the app starts.
function requireAll(
  name: string,
  part: string,
  types: readonly { type: string }[],
  given: ReadonlyMap<string, unknown>,
): void {
  for (const { type } of types) {
    if (typeof given.get(type) !== 'function') {
      throw new HeadwaterError('app.invalid', `Aggregate ${name} has no ${part}.${type}`)
    }
  }
}
