import { usageError } from './command/cli-error.ts'
import type { Command } from './command/command.ts'
import { type ExitCode, exitCodes } from './command/exit-code.ts'
import { exitCodeOf } from './command/exit-of-error.ts'
import { helpOf, overview } from './command/help.ts'
import { nearest } from './command/nearest.ts'
import { parseLine } from './command/parse.ts'
import { allCommands, commandNames, findCommand } from './command/registry.ts'
import { describeProblem } from './terminal/problem.ts'
import { OutputClosed, processTerminal, type Terminal } from './terminal/terminal.ts'
import { version } from './version.ts'

/**
 * Runs a command line: what follows `headwater`.
 *
 * @returns the exit code
 */
export async function run(argv: readonly string[]): Promise<ExitCode> {
  const terminal = processTerminal()
  try {
    return await dispatch(argv, terminal)
  } catch (error) {
    if (error instanceof OutputClosed || terminal.signal.reason instanceof OutputClosed) return exitCodes.ok
    if (terminal.signal.aborted && error === terminal.signal.reason) return exitCodes.interrupted
    terminal.note(describeProblem(error, terminal.noteStyle))
    return exitCodeOf(error)
  } finally {
    terminal.release()
  }
}

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv
  if (name === undefined) {
    terminal.note(overview(await allCommands(), version, terminal.noteStyle))
    return exitCodes.usage
  }
  if (name === '--version' || name === '-v') {
    await terminal.print(version)
    return exitCodes.ok
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    await terminal.print(overview(await allCommands(), version, terminal.style))
    return exitCodes.ok
  }
  const asksForHelp = name === 'help' || wantsHelp(rest)
  const command = await commandCalled(name === 'help' ? (rest[0] ?? '') : name)
  if (asksForHelp) {
    await terminal.print(helpOf(command, terminal.style))
    return exitCodes.ok
  }
  const input = { ...parseLine(command, rest), terminal, allCommands: everyCommand }
  return (await command.run(input)) ?? exitCodes.ok
}

async function everyCommand(): Promise<readonly Command[]> {
  const groups = await allCommands()
  return groups.flatMap(({ commands }) => commands)
}

/** After `--` nothing is an option. */
function wantsHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv
    .slice(0, end < 0 ? undefined : end)
    .some((argument) => argument === '--help' || argument === '-h')
}

async function commandCalled(name: string): Promise<Command> {
  const found = findCommand(name)
  if (found !== undefined) return found
  const close = nearest(name, commandNames)
  throw usageError(
    `headwater has no command ${JSON.stringify(name)}`,
    close === undefined ? 'headwater --help lists all commands.' : `Did you mean headwater ${close}?`,
  )
}
