import type { AnyCommandType } from '../../message/command.ts'
import { HeadwaterError } from '../../message/errors.ts'
import type { AnyEventType, NewEvent } from '../../message/event.ts'
import type { Fact } from '../../message/recorded.ts'
import { type Aggregate, type AggregateOptions, buildAggregate, type Decision } from '../aggregate.ts'
import { FactContext, type FoldContext, lookupWritten } from '../rule-book.ts'
import type { Chart } from './chart.ts'
import type { MachineDefinition, Places, StateCodes, StatesDefinition } from './definition.ts'
import { chartOf, nodesOf, type WrittenStates } from './nodes.ts'
import {
  allowedIn,
  decideIn,
  entered,
  isOver,
  type MachineRejection,
  type MachineState,
  valueAfter,
} from './run.ts'

/** An aggregate that is a state machine. */
export interface Machine<
  Name extends string = string,
  Value extends string = string,
  Context = unknown,
  Events extends AnyEventType = AnyEventType,
  Commands extends AnyCommandType = AnyCommandType,
  /** What its commands are rejected with. */
  Codes extends string = string,
> extends Aggregate<Name, MachineState<Value, Context>, Events, Commands, Codes> {
  readonly chart: Chart
  /** What it was made of. */
  readonly parts: MachineParts<Context, Events, Commands>
  /** The types of the commands that are allowed in a state; their guards are not asked. */
  allowed(value: Value): readonly Commands['type'][]
}

/**
 * Defines an aggregate as a state machine: in which state which commands are allowed and which events they raise, and
 * where events lead. A command that its state does not allow is rejected.
 *
 * @param name without a dash, as a stream is named `<name>-<id>`
 * @throws HeadwaterError `app.invalid`, with an issue per contradiction
 */
export function machine<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  const Commands extends readonly AnyCommandType[],
  const States extends StatesDefinition<Commands[number], Events[number], Context>,
  Context extends object = Record<never, never>,
  const Id extends string = `${Name}Id`,
>(
  name: Name,
  definition: MachineDefinition<Events, Commands, Context, States, Id>,
): Machine<
  Name,
  Places<States>['leaf'],
  Context,
  Events[number],
  Commands[number],
  MachineRejection | StateCodes<States>['all']
> {
  const { events, commands, context, evolve, initial, states } = definition
  return buildMachine(
    name,
    {
      events,
      commands,
      // Nothing to remember is an object without fields: the default of the type says so.
      context: context ?? ({} as Context),
      reducers: evolve ?? {},
      initial: String(initial),
      states: states as WrittenStates,
    },
    definition,
  )
}

/** Whether an aggregate is a state machine. */
export function isMachine(aggregate: Aggregate): aggregate is Machine {
  return aggregate.chart !== undefined && 'parts' in aggregate
}

/** What a machine consists of, whoever wrote it. */
export interface MachineParts<Context, Events extends AnyEventType, Commands extends AnyCommandType> {
  readonly events: readonly Events[]
  readonly commands: readonly Commands[]
  readonly context: Context
  readonly reducers: object
  readonly initial: string
  readonly states: WrittenStates
}

/** @throws HeadwaterError `app.invalid` */
export function buildMachine<
  Name extends string,
  Value extends string,
  Context,
  Events extends AnyEventType,
  Commands extends AnyCommandType,
  Codes extends string = string,
>(
  name: Name,
  parts: MachineParts<Context, Events, Commands>,
  options: AggregateOptions<string>,
): Machine<Name, Value, Context, Events, Commands, Codes> {
  const { events, commands, context, reducers, initial } = parts
  const nodes = nodesOf(name, parts)
  const evolve = evolveContext<Context>(reducers)
  const types = new Map<string, AnyEventType>(events.map((type) => [type.type, type]))
  const built = buildAggregate<Name, MachineState<Value, Context>, Events, Commands, Codes>(
    name,
    {
      events,
      commands,
      initial: { value: entered(nodes, initial) as Value, context },
      evolve: (state, fact, rules = lookupWritten) => {
        if (!types.has(fact.type)) throw unknownEvent(name, fact)
        if (isOver(nodes, state.value)) return state
        const fold = new FactContext(rules, fact)
        const value = valueAfter(nodes, state, fact, fold) as Value
        return { value, context: evolve(state.context, fact, fold) }
      },
      code: [reducers, parts.states],
      decide: (state, message, decision) =>
        // What it may reject with is what the types of its definition say.
        decideIn(nodes, types, state, message, decision) as Decision<NewEvent, Codes>,
    },
    options,
  )
  return { ...built, parts, chart: chartOf(nodes), allowed: (value) => allowedIn(nodes, value) }
}

function unknownEvent(name: string, { type }: Fact): HeadwaterError {
  return new HeadwaterError('event.unknown', `Machine ${name} knows no event ${type}`, { details: { type } })
}

function evolveContext<Context>(
  reducers: object,
): (context: Context, fact: Fact, fold: FoldContext) => Context {
  const known = new Map<string, Function>(Object.entries<Function>({ ...reducers }))
  return (context, fact, fold) => {
    const reduce = known.get(fact.type)
    return reduce === undefined ? context : (reduce(context, fact, fold) as Context)
  }
}
