import type { Command } from '../command/command.ts'
import { optionName } from '../command/parse.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** A script that completes commands, options and files; made of the definitions themselves, so that it can't be behind. */
export function completionScript(shell: Shell, name: string, commands: readonly Command[]): string {
  return { bash, zsh, fish }[shell](name, commands)
}

interface Completed {
  readonly flag: string
  readonly takesValue: boolean
  readonly description: string
}

function optionsOf({ options }: Command): readonly Completed[] {
  const own = Object.entries(options).map(([key, { placeholder, description }]) => ({
    flag: `--${optionName(key)}`,
    takesValue: placeholder !== undefined,
    description,
  }))
  return [...own, { flag: '--help', takesValue: false, description: 'Show what it does, examples first' }]
}

function bash(name: string, commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const flags = optionsOf(command).map(({ flag }) => flag)
    return `    ${command.name}) options="${flags.join(' ')}" ;;`
  })
  const functionName = `_${name.replaceAll(/\W/g, '_')}`
  return `${functionName}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="\${COMP_WORDS[1]}" options=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands.map((command) => command.name), 'help', '--help', '--version'].join(' ')}" -- "$word"))
    return
  fi
  case "$command" in
    help) COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(' ')}" -- "$word")); return ;;
${cases.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F ${functionName} ${name}`
}

function zsh(name: string, commands: readonly Command[]): string {
  const functionName = `_${name.replaceAll(/\W/g, '_')}`
  const described = commands.map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`)
  const cases = commands.map((command) => {
    const flags = optionsOf(command).map(
      ({ flag, takesValue, description }) =>
        `        ${quoted(`${flag}${takesValue ? '=' : ''}[${description.replaceAll(/[[\]]/g, '')}]${takesValue ? ':value:_files' : ''}`)}`,
    )
    return `      ${command.name})\n        _arguments \\\n${flags.join(' \\\n')} \\\n        '*:file:_files' ;;`
  })
  return `#compdef ${name}
${functionName}() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
      help) _describe command commands ;;
  esac
}
compdef ${functionName} ${name}`
}

function fish(name: string, commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => [
    `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...optionsOf(command).map(
      ({ flag, takesValue, description }) =>
        `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name}' -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(description)}`,
    ),
  ])
  return [
    `complete -c ${name} -n __fish_use_subcommand -a help -d 'Show what a command does'`,
    ...lines,
  ].join('\n')
}

/** For a shell: within single quotes nothing means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
