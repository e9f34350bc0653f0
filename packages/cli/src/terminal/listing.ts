import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { CliError } from '../command/cli-error.ts'

/** So many are kept for the summary; a file takes any number. */
const mostKept = 1_000

/** Things that were found, however many: the first ones in memory, all of them in a file where one is named. */
export interface Listing<Item> {
  readonly count: number
  readonly kept: readonly Item[]
  add(item: Item): Promise<void>
  close(): Promise<void>
}

/**
 * @param file where to list all of them, as JSON Lines
 * @throws CliError `cli.file-not-found`
 */
export async function openListing<Item>(file: string | undefined): Promise<Listing<Item>> {
  const kept: Item[] = []
  const stream = file === undefined ? undefined : await openFile(file)
  let count = 0
  return {
    get count() {
      return count
    },
    kept,
    async add(item) {
      count++
      if (kept.length < mostKept) kept.push(item)
      if (stream !== undefined && !stream.write(`${JSON.stringify(item)}\n`)) await once(stream, 'drain')
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
