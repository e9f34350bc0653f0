import { checkTypeName } from './event.ts'
import { deepFreeze } from './freeze.ts'
import { parse, type InputOf, type OutputOf, type Schema } from './schema.ts'

/** A command's type and valid data, not yet sent. */
export interface CommandMessage<Type extends string = string, Data = unknown> {
  /** Tells it from an event, which can't be executed. */
  readonly kind: 'command'
  readonly type: Type
  readonly data: Data
}

export interface CommandOptions<Data> {
  readonly description?: string
  /** Who may send it, decided before the state is read: false, or the reason why not, refuses it. */
  readonly authorize?: (actor: string | null, data: Data) => boolean | string
}

/** A command type is a function that makes valid commands of it. */
export interface CommandType<Type extends string = string, Data = unknown, Input = never> {
  /** @throws HeadwaterError `command.invalid` */
  (data: Input): CommandMessage<Type, Data>
  readonly kind: 'command'
  readonly type: Type
  readonly schema: Schema<unknown, Data>
  readonly description: string | undefined
  authorize(actor: string | null, data: Data): boolean | string
}

export type AnyCommandType = CommandType

/** The data that commands of a type hold. */
export type CommandData<C> = C extends {
  readonly kind: 'command'
  readonly schema: Schema<unknown, infer Data>
}
  ? Data
  : never

/**
 * Defines a command type.
 *
 * @param type a unique name in the imperative: `PlaceOrder`
 * @param schema any Standard Schema; its output is what the decision gets
 * @throws HeadwaterError `app.invalid` for a name that is no name
 */
export function command<const Type extends string, S extends Schema>(
  type: Type,
  schema: S,
  options: CommandOptions<OutputOf<S>> = {},
): CommandType<Type, OutputOf<S>, InputOf<S>> {
  checkTypeName('command', type)
  const what = `Command ${type}`
  const create = (input: InputOf<S>): CommandMessage<Type, OutputOf<S>> =>
    Object.freeze({
      kind: 'command' as const,
      type,
      data: deepFreeze(parse(schema, input, 'command.invalid', what) as OutputOf<S>),
    })
  return Object.assign(create, {
    kind: 'command' as const,
    type,
    schema: schema as Schema<unknown, OutputOf<S>>,
    description: options.description,
    authorize: options.authorize ?? (() => true),
  })
}
