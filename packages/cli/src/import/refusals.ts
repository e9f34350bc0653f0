import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { CliError } from '../command/cli-error.ts'
import type { RefusedLine } from './groups.ts'

/** So many are kept for the summary; a file takes any number. */
const mostKept = 1_000

/** What an import refused. */
export interface Refusals {
  readonly count: number
  readonly kept: readonly RefusedLine[]
  add(refused: RefusedLine): Promise<void>
  close(): Promise<void>
}

/**
 * @param file where to list all of them, as JSON Lines
 * @throws CliError `cli.file-not-found`
 */
export async function collectRefusals(file: string | undefined): Promise<Refusals> {
  const kept: RefusedLine[] = []
  const stream = file === undefined ? undefined : await openFile(file)
  let count = 0
  return {
    get count() {
      return count
    },
    kept,
    async add(refused) {
      count++
      if (kept.length < mostKept) kept.push(refused)
      if (stream !== undefined && !stream.write(`${JSON.stringify(refused)}\n`)) await once(stream, 'drain')
    },
    async close() {
      if (stream === undefined) return
      stream.end()
      await finished(stream)
    },
  }
}

async function openFile(file: string): Promise<WriteStream> {
  const stream = createWriteStream(file)
  try {
    await once(stream, 'open')
    return stream
  } catch (cause) {
    throw new CliError('cli.file-not-found', `${file} can not be written`, { cause })
  }
}
