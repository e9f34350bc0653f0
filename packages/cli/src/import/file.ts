import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { CliError } from '../command/cli-error.ts'

/** A file that is read piece by piece. */
export interface InputFile {
  readonly name: string
  /** In bytes; undefined where nobody knows: a pipe. */
  readonly size: number | undefined
  readonly chunks: AsyncIterable<Uint8Array>
  /** Bytes read so far. */
  read(): number
}

/**
 * @param path `-`: stdin
 * @throws CliError `cli.file-not-found`
 */
export async function openInput(path: string): Promise<InputFile> {
  const isPipe = path === '-'
  const size = isPipe ? undefined : await sizeOf(path)
  const source: AsyncIterable<Uint8Array> = isPipe
    ? process.stdin
    : createReadStream(path, { highWaterMark: 256 * 1024 })
  let bytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      bytes += chunk.length
      yield chunk
    }
  }
  return { name: isPipe ? 'stdin' : path, size, chunks: counted(), read: () => bytes }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await stat(path)
    if (file.isFile()) return file.size
  } catch (cause) {
    throw new CliError('cli.file-not-found', `There is no file ${path}`, { exit: 'notFound', cause })
  }
  throw new CliError('cli.file-not-found', `${path} is no file`, { exit: 'notFound' })
}
