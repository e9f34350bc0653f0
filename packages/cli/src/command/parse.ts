import { parseArgs } from 'node:util'
import { usageError } from './cli-error.ts'
import type { Command } from './command.ts'
import { nearest } from './nearest.ts'

export interface ParsedLine {
  readonly args: Readonly<Record<string, string | undefined>>
  readonly options: Readonly<Record<string, unknown>>
  readonly fields: Readonly<Record<string, readonly string[]>>
}

/**
 * Reads a command's arguments. Node's own parser does the reading: unlike the frameworks on top of it, it can be told
 * to refuse what it does not know, and an option that is mistyped may not be ignored by a tool that records facts.
 *
 * @throws CliError usage
 */
export function parseLine(command: Command, argv: readonly string[]): ParsedLine {
  const names = new Map(Object.keys(command.options).map((key) => [optionName(key), key]))
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      [...names].map(([name, key]) => [name, { type: isFlag(command, key) ? 'boolean' : 'string' } as const]),
    ),
    allowPositionals: true,
    allowNegative: true,
    strict: false,
    tokens: true,
  })
  const given = new Map<string, (string | boolean)[]>()
  const fields = new Map<string, string[]>()
  const positionals: string[] = []
  let field: string | undefined
  for (const token of tokens) {
    const before = field
    field = undefined
    if (token.kind === 'positional') {
      // What follows an option that the parser doesn't know is its value.
      if (before === undefined) positionals.push(token.value)
      else fields.get(before)?.splice(-1, 1, token.value)
    }
    if (token.kind !== 'option') continue
    // The parser has taken the `no-` off the name, and left it in the raw one.
    const { name, rawName } = token
    const negated = rawName === `--no-${name}`
    const key = names.get(name)
    if (key !== undefined) {
      given.set(key, [...(given.get(key) ?? []), valueOf(token, isFlag(command, key), negated)])
    } else if (command.fields !== undefined && rawName.startsWith('--')) {
      fields.set(name, [...(fields.get(name) ?? []), token.value ?? String(!negated)])
      if (token.value === undefined && !negated) field = name
    } else throw unknownOption(command, rawName, [...names.keys()])
  }
  return {
    args: readArguments(command, positionals),
    options: readOptions(command, given),
    fields: Object.fromEntries(fields),
  }
}

/** `correlationId` is written `--correlation-id`. */
export function optionName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function isFlag(command: Command, key: string): boolean {
  return command.options[key]?.placeholder === undefined
}

function valueOf(
  token: { rawName: string; value?: string | undefined },
  flag: boolean,
  negated: boolean,
): string | boolean {
  if (flag) {
    if (token.value === undefined) return !negated
    throw usageError(`${token.rawName} takes no value`, `Write ${token.rawName} to turn it on.`)
  }
  if (token.value === undefined || negated) {
    throw usageError(
      `${token.rawName} needs a value`,
      `Write ${token.rawName} <value>, or ${token.rawName}=<value>.`,
    )
  }
  return token.value
}

function readOptions(
  command: Command,
  given: ReadonlyMap<string, readonly (string | boolean)[]>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(command.options).map(([key, option]) => [
      key,
      option.read(given.get(key) ?? [], optionName(key)),
    ]),
  )
}

function readArguments(command: Command, positionals: readonly string[]): Record<string, string | undefined> {
  const expected = Object.entries(command.arguments)
  const surplus = positionals[expected.length]
  if (surplus !== undefined) {
    throw usageError(
      `${JSON.stringify(surplus)} is one argument too many for headwater ${command.name}`,
      `Put what belongs together in quotes, or see headwater ${command.name} --help.`,
    )
  }
  return Object.fromEntries(
    expected.map(([name, { optional }], index) => {
      const value = positionals[index]
      if (value === undefined && !optional) {
        throw usageError(
          `headwater ${command.name} needs <${optionName(name)}>`,
          `See headwater ${command.name} --help.`,
        )
      }
      return [name, value]
    }),
  )
}

function unknownOption(command: Command, rawName: string, names: readonly string[]): Error {
  const close = nearest(rawName.replace(/^-+(no-)?/, ''), names)
  return usageError(
    `headwater ${command.name} has no option ${rawName}`,
    close === undefined ? `See headwater ${command.name} --help.` : `Did you mean --${close}?`,
  )
}
