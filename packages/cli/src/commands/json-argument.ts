import { usageError } from '../command/cli-error.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * JSON that was given as an argument, or on stdin where the argument is `-`; without an argument, nothing.
 *
 * @throws CliError usage
 */
export async function jsonArgument(written: string | undefined, terminal: Terminal): Promise<unknown> {
  if (written === undefined) return {}
  const json = written === '-' ? await terminal.input() : written
  try {
    return JSON.parse(json)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw usageError(`The data is no JSON: ${reason}`, `Put it in single quotes: '{"counterId":"a"}'`)
  }
}
