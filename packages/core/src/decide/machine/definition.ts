import type { AnyCommandType, CommandData } from '../../message/command.ts'
import type { AnyEventType, NewEventOf } from '../../message/event.ts'
import type { FactOf } from '../../message/recorded.ts'
import type { AggregateOptions, AllHaveId, Decision, Evolve, NoOthers } from '../aggregate.ts'
import type { DecisionContext } from '../context.ts'
import type { Rejection } from '../reject.ts'
import type { FoldContext } from '../rule-book.ts'

type Named<Types, Type> = Extract<Types, { readonly type: Type }>

/** The states of a machine, by name; states in states make paths: `preparing.baking`. */
export interface StatesDefinition<Commands extends AnyCommandType, Events extends AnyEventType, Context> {
  readonly [name: string]: StateDefinition<Commands, Events, Context>
}

export interface StateDefinition<Commands extends AnyCommandType, Events extends AnyEventType, Context> {
  readonly description?: string
  /** The commands that are allowed in this state and in the states in it, and which events they raise. */
  readonly commands?: {
    readonly [Type in Commands['type']]?: CommandDefinition<Named<Commands, Type>, Events, Context>
  }
  /** Where events lead; an event that is not listed leads nowhere. */
  readonly on?: {
    readonly [Type in Events['type']]?: OnDefinition<FactOf<Named<Events, Type>>, Context>
  }
  /** Nothing follows: no command is allowed, no event changes anything. */
  readonly final?: true
  /** Which of the states in it it begins in. */
  readonly initial?: string
  readonly states?: StatesDefinition<Commands, Events, Context>
}

/** A target's path, a transition, or several: the first whose guard lets it is taken. */
export type OnDefinition<Fact, Context> =
  | string
  | TransitionDefinition<Fact, Context>
  | readonly TransitionDefinition<Fact, Context>[]

export interface TransitionDefinition<Fact, Context> {
  /** The path of the state that follows; none: it stays. */
  readonly target?: string
  /** Pure. Drawings show its name. It sees the context before the event. */
  readonly guard?: (context: Context, fact: Fact, fold: FoldContext) => boolean
}

/**
 * The name of the event that a command raises, with the command's data; or an event and how it is decided; or several, of
 * which the decision says which.
 */
export type CommandDefinition<Command, Events extends AnyEventType, Context> =
  | RaisedAsItIs<Command, Events>
  | {
      readonly [Type in Events['type']]: Raising<Command, Type, Named<Events, Type>, Context>
    }[Events['type']]
  | Raising<Command, readonly Events['type'][], Events, Context, true>

/** The events whose data may be those of the command: that have what it has, or nothing. */
type RaisedAsItIs<Command, Events> = Events extends {
  (data: infer Input): unknown
  readonly type: infer Type
}
  ? CommandData<Command> extends Input
    ? Type
    : Input extends Record<string, never>
      ? Type
      : never
  : never

type Raising<Command, Names, Events, Context, IsDecided = false> = {
  readonly raises: Names
  /** Pure. A command that it doesn't let is rejected: with its rejection, or in general words. Drawings show its name. */
  readonly guard?: (
    context: Context,
    data: CommandData<Command>,
    decision: DecisionContext,
  ) => boolean | Rejection<NewEventOf<Events>>
} & ([RaisedAsItIs<Command, Events>, IsDecided] extends [never, unknown] | [unknown, true]
  ? { readonly decide: Deciding<Command, Events, Context> }
  : { readonly decide?: Deciding<Command, Events, Context> })

type Deciding<Command, Events, Context> = (
  context: Context,
  data: CommandData<Command>,
  decision: DecisionContext,
) => Decision<NewEventOf<Events>>

/**
 * The paths of all states, and of those that have none in them: where a machine can be. (One type with two fields, since
 * the compiler tells a field as the texts that it is, and an alias by its name.)
 */
export interface Places<States, Before extends string = ''> {
  readonly path: {
    readonly [Name in keyof States & string]:
      | `${Before}${Name}`
      | (States[Name] extends { readonly states: infer Inner }
          ? Places<Inner, `${Before}${Name}.`>['path']
          : never)
  }[keyof States & string]
  readonly leaf: {
    readonly [Name in keyof States & string]: States[Name] extends { readonly states: infer Inner }
      ? Places<Inner, `${Before}${Name}.`>['leaf']
      : `${Before}${Name}`
  }[keyof States & string]
}

/** What the decisions and guards of states reject with. */
export interface StateCodes<States> {
  readonly all: {
    readonly [Name in keyof States]:
      | (States[Name] extends { readonly commands: infer Given } ? CodesOfCommands<Given>['all'] : never)
      | (States[Name] extends { readonly states: infer Inner } ? StateCodes<Inner>['all'] : never)
  }[keyof States]
}

interface CodesOfCommands<Given> {
  readonly all: {
    readonly [Type in keyof Given]:
      | (Given[Type] extends { readonly decide: (...parameters: never) => infer Decided }
          ? CodeOf<Decided>
          : never)
      | (Given[Type] extends { readonly guard: (...parameters: never) => infer Said } ? CodeOf<Said> : never)
  }[keyof Given]
}

type CodeOf<Given> = Given extends Rejection<unknown, infer Code> ? Code : never

/** Compile errors for names that are none of the machine's. */
export type CheckedStates<States, Paths extends string, Command extends string, Event extends string> = {
  readonly [Name in keyof States]: CheckedState<States[Name], Paths, Command, Event>
}

type CheckedState<State, Paths extends string, Command extends string, Event extends string> = {
  readonly [Part in keyof State]: Part extends 'commands'
    ? NoOthers<State[Part], Command, 'commands'>
    : Part extends 'on'
      ? NoOthers<State[Part], Event, 'events'> & CheckedTargets<State[Part], Paths>
      : Part extends 'states'
        ? CheckedStates<State[Part], Paths, Command, Event>
        : Part extends 'initial'
          ? CheckedInitial<State>
          : Part extends keyof StateDefinition<never, never, never>
            ? unknown
            : `A state has no ${Part & string}`
}

/** In place of a state that there is not. (Two texts that differ leave `never`, which says nothing.) */
export interface NoSuchState<Name> {
  readonly noSuchState: Name
}

type CheckedInitial<State> = State extends { readonly initial: infer Initial; readonly states: infer Inner }
  ? Initial extends keyof Inner
    ? unknown
    : NoSuchState<Initial>
  : unknown

type CheckedTargets<On, Paths extends string> = {
  readonly [Event in keyof On]: CheckedTarget<On[Event], Paths>
}

type CheckedTarget<Target, Paths extends string> = [Exclude<TargetsIn<Target>, Paths>] extends [never]
  ? unknown
  : NoSuchState<Exclude<TargetsIn<Target>, Paths>>

type TargetsIn<Target> = Target extends string
  ? string extends Target
    ? never
    : Target
  : Target extends readonly (infer Item)[]
    ? TargetsIn<Item>
    : Target extends { readonly target: infer Path extends string }
      ? Path
      : never

export interface MachineDefinition<
  Events extends readonly AnyEventType[],
  Commands extends readonly AnyCommandType[],
  Context,
  States,
  Id extends string,
> extends AggregateOptions<Id> {
  readonly events: Events
  readonly commands: Commands & AllHaveId<Commands[number], Id>
  /** What it remembers beside its state (XState's extended state), before the first event. Default: nothing. */
  readonly context?: Context
  /** How events change the context; those that are left out don't. */
  readonly evolve?: Partial<Evolve<Events[number], NoInfer<Context>>>
  /** The state that it begins in. */
  readonly initial: keyof States
  readonly states: States &
    CheckedStates<States, Places<States>['path'], Commands[number]['type'], Events[number]['type']>
}
