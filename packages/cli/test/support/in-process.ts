import { fileURLToPath } from 'node:url'
import { exitCodeOf } from '../../src/command/exit-of-error.ts'
import { parseLine } from '../../src/command/parse.ts'
import { findCommand } from '../../src/command/registry.ts'
import { describeProblem } from '../../src/terminal/problem.ts'
import type { Keys } from '../../src/terminal/keys.ts'
import type { Style } from '../../src/terminal/style.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'
import type { Ended } from './headwater.ts'

/** The app whose members join by their names. */
export const clubApp = fileURLToPath(new URL('./club/app.ts', import.meta.url))

const same = (text: string): string => text
const plain: Style = { strong: same, dim: same, name: same, good: same, bad: same, warning: same, link: same }

/** What is piped in, line by line. */
function linesOf(input: string): Keys {
  const lines = input.split('\n')
  return {
    isTyped: false,
    next: async () => lines.shift(),
    ask: async () => undefined,
    close: () => undefined,
  }
}

/** Runs a command in this process: a hundred of them take no longer than one that is started by itself. */
export async function runHere(
  [name = '', ...line]: readonly string[],
  { input = '', signal = new AbortController().signal } = {},
): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  const note = (message: string): void => {
    stderr += `${message}\n`
  }
  const terminal: Terminal = {
    print: async (lines) => {
      stdout += `${lines}\n`
    },
    note,
    warn: note,
    progress: () => ({ update: () => undefined, stop: () => undefined }),
    input: async () => input,
    keys: () => linesOf(input),
    style: plain,
    noteStyle: plain,
    width: undefined,
    signal,
  }
  try {
    const command = await findCommand(name)
    if (command === undefined) throw new Error(`There is no command ${name}`)
    const code = await command.run({ ...parseLine(command, line), terminal, allCommands: async () => [] })
    return { code: code ?? 0, stdout, stderr }
  } catch (error) {
    note(describeProblem(error, plain))
    return { code: exitCodeOf(error), stdout, stderr }
  }
}
