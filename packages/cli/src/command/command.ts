import type { Terminal } from '../terminal/terminal.ts'
import type { ExitCode } from './exit-code.ts'
import type { Options, OptionValues } from './options.ts'

export interface Argument {
  readonly description: string
  readonly optional?: boolean
}

export type Arguments = Readonly<Record<string, Argument>>
export type ArgumentValues<A extends Arguments> = {
  readonly [Name in keyof A]: A[Name] extends { readonly optional: true } ? string | undefined : string
}

export interface CommandInput<A extends Arguments, O extends Options> {
  readonly args: ArgumentValues<A>
  readonly options: OptionValues<O>
  /** Options of names that the command doesn't define, of one that takes such. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly terminal: Terminal
  /** All commands there are: for those that tell of others. */
  readonly allCommands: () => Promise<readonly Command[]>
}

/** A command line and what it does. */
export interface CommandDefinition<A extends Arguments, O extends Options> {
  readonly name: string
  /** One line, for the list of all commands. */
  readonly summary: string
  readonly examples: readonly (readonly [line: string, what: string])[]
  readonly arguments?: A
  readonly options?: O
  /** That it takes options of any other name, and what they are. */
  readonly fields?: string
  /** Below the options in the help. */
  readonly notes?: readonly string[]
  /** Gives the exit code; nothing is 0. */
  readonly run: (input: CommandInput<A, O>) => Promise<ExitCode | void>
}

/** A command of any shape, as the parser and the help see it. */
export interface Command {
  readonly name: string
  readonly summary: string
  readonly examples: readonly (readonly [line: string, what: string])[]
  readonly arguments: Arguments
  readonly options: Options
  readonly fields: string | undefined
  readonly notes: readonly string[]
  run(input: {
    readonly args: Readonly<Record<string, string | undefined>>
    readonly options: Readonly<Record<string, unknown>>
    readonly fields: Readonly<Record<string, readonly string[]>>
    readonly terminal: Terminal
    readonly allCommands: () => Promise<readonly Command[]>
  }): Promise<ExitCode | void>
}

const none = Object.freeze({})

/** Defines a command; arguments and options get the types that their definitions say. */
export function command<
  const A extends Arguments = Record<never, Argument>,
  O extends Options = Record<never, never>,
>(definition: CommandDefinition<A, O>): Command {
  const { name, summary, examples, notes = [], run } = definition
  return {
    name,
    summary,
    examples,
    notes,
    arguments: definition.arguments ?? none,
    options: definition.options ?? none,
    fields: definition.fields,
    // What comes in was read by the very definitions that the types follow from.
    run: (input) => run(input as CommandInput<A, O>),
  }
}
