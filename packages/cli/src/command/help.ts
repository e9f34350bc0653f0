import type { Style } from '../terminal/style.ts'
import type { Command } from './command.ts'
import { exitCodeMeanings } from './exit-code.ts'
import { optionName } from './parse.ts'

type Line = readonly [left: string, right: string]

/** A command's help: what it does, then how it is used, then everything else. */
export function helpOf(command: Command, style: Style): string {
  const options = Object.entries(command.options).map(([key, option]): Line => {
    const value = option.placeholder === undefined ? '' : ` ${option.placeholder}`
    const standard = option.shownDefault === undefined ? '' : ` (default: ${option.shownDefault})`
    return [`--${optionName(key)}${value}`, `${option.description}${standard}`]
  })
  const args = Object.entries(command.arguments).map(([name, { description, optional }]): Line => {
    return [written(name, optional), description]
  })
  return [
    command.summary,
    ...section('Examples', command.examples, style),
    '',
    style.strong('Usage'),
    `  ${usageOf(command)}`,
    ...section('Arguments', args, style),
    ...section('Options', [...options, ...fieldsOf(command), ['--help', 'Show this']], style),
    ...(command.notes.length === 0 ? [] : ['', ...command.notes]),
    ...section('Exit codes', exitCodes(), style),
  ].join('\n')
}

function fieldsOf({ fields }: Command): Line[] {
  return fields === undefined ? [] : [['--<field> <value>', fields]]
}

export interface CommandGroup {
  readonly title: string
  readonly commands: readonly Command[]
}

/** The help of the whole: what to type first, then all commands. */
export function overview(groups: readonly CommandGroup[], version: string, style: Style): string {
  const all = groups.flatMap(({ commands }) => commands)
  const width = Math.max(...all.map(({ name }) => name.length))
  return [
    `headwater ${version}   Commands are decided, facts are kept, everything else is a fold of the log`,
    ...section(
      'Examples',
      [
        ['headwater new my-app', 'begin an app, with a test'],
        ['headwater dev examples/shop --traffic', 'run an app with Studio and simulated traffic'],
        [`headwater send Increment '{"counterId":"a"}'`, 'send a command to the app of this folder'],
        ['headwater tail', 'follow the events as they are recorded'],
        ['headwater view show totals --sort -total', 'read a view'],
      ],
      style,
    ),
    ...groups.flatMap(({ title, commands }) =>
      section(
        title,
        commands.map(({ name, summary }): Line => [name, summary]),
        style,
        width,
      ),
    ),
    '',
    'headwater <command> --help says more, examples first.',
    'Data goes to stdout and messages to stderr; --json prints data for programs.',
    ...section('Exit codes', exitCodes(), style),
  ].join('\n')
}

export function usageOf(command: Command): string {
  const args = Object.entries(command.arguments).map(([name, { optional }]) => written(name, optional))
  return ['headwater', command.name, ...args, '[options]'].join(' ')
}

function written(name: string, optional: boolean | undefined): string {
  return optional ? `[${optionName(name)}]` : `<${optionName(name)}>`
}

function exitCodes(): Line[] {
  return exitCodeMeanings.map(([code, meaning]) => [String(code), meaning])
}

function section(title: string, lines: readonly Line[], style: Style, atLeast = 0): string[] {
  if (lines.length === 0) return []
  const width = Math.max(atLeast, ...lines.map(([left]) => left.length))
  return [
    '',
    style.strong(title),
    ...lines.map(([left, right]) => `  ${style.name(left.padEnd(width))}  ${right}`.trimEnd()),
  ]
}
