import type { AnyCommandType } from '../../message/command.ts'
import { HeadwaterError, type Issue } from '../../message/errors.ts'
import type { AnyEventType } from '../../message/event.ts'
import type { AggregateOptions, AllHaveId, Evolve } from '../aggregate.ts'
import type { CommandDefinition } from './definition.ts'
import { buildMachine, type Machine } from './machine.ts'
import type { WrittenCommand } from './nodes.ts'
import { XStateReader } from './xstate-reader.ts'

type Named<Types, Type> = Extract<Types, { readonly type: Type }>

/** What an XState config doesn't say, or says in names of which only you have the functions. */
export interface XStateImport<
  Events extends readonly AnyEventType[],
  Commands extends readonly AnyCommandType[],
  Context,
  Id extends string,
> extends AggregateOptions<Id> {
  readonly events: Events
  readonly commands: Commands & AllHaveId<Commands[number], Id>
  /**
   * Which event a command raises, and how. A command is allowed where the config's `meta.commands` says so; if it says
   * nothing anywhere, wherever an event that the command raises leads somewhere.
   */
  readonly raise: {
    readonly [Type in Commands[number]['type']]: CommandDefinition<
      Named<Commands[number], Type>,
      Events[number],
      NoInfer<Context>
    >
  }
  /** Default: the config's. */
  readonly context?: Context
  readonly evolve?: Partial<Evolve<Events[number], NoInfer<Context>>>
  /** The config's guards, by their names; each sees the context and the fact that it is asked about. */
  readonly guards?: Readonly<Record<string, (context: NoInfer<Context>, fact: never) => boolean>>
  /** What the config calls an event, if not by the name of its type: `{ PAY: 'OrderPaid' }`. */
  readonly rename?: Readonly<Record<string, Events[number]['type']>>
}

/**
 * Makes a machine of an XState 5 config: of the argument of `createMachine`, or of the JSON that its editor exports.
 * States, nested ones too, transitions, guards by name and final states are taken over. Everything else (parallel and
 * history states, invoked actors, delays, transitions without an event, actions other than `evolve`) is refused by its path:
 * in Headwater time and effects belong to subscriptions, sagas and timers.
 *
 * @param name without a dash, as a stream is named `<name>-<id>`
 * @throws HeadwaterError `xstate.unsupported`, with an issue per path; `app.invalid`
 */
export function fromXState<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  const Commands extends readonly AnyCommandType[],
  Context extends object = Record<string, unknown>,
  const Id extends string = `${Name}Id`,
>(
  name: Name,
  config: object,
  given: XStateImport<Events, Commands, Context, Id>,
): Machine<Name, string, Context, Events[number], Commands[number]> {
  const { events, commands, raise, evolve, guards, rename } = given
  const issues: Issue[] = []
  const reader = new XStateReader({
    root: config,
    issues,
    guards: guards ?? {},
    rename: rename ?? {},
    events: new Set(events.map(({ type }) => type)),
    raise: raise as Readonly<Record<string, WrittenCommand>>,
  })
  const { initial, states, context } = reader.read()
  if (issues.length > 0) {
    const list = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new HeadwaterError('xstate.unsupported', `Machine ${name} can not be taken over: ${list}`, {
      issues,
    })
  }
  return buildMachine<Name, string, Context, Events[number], Commands[number]>(
    name,
    {
      events,
      commands,
      context: given.context ?? (context as Context),
      reducers: evolve ?? {},
      initial,
      states,
    },
    { ...(reader.description !== undefined && { description: reader.description }), ...given },
  )
}
