import { type FileHandle, open } from 'node:fs/promises'
import {
  HeadwaterError,
  type MapCheckpoint,
  type MapEntry,
  type MapIdentity,
  type MigrationMap,
  requireSameLogs,
} from '@headwater/core'
import { CliError } from '../command/cli-error.ts'
import { lastMarked, LineReader } from './line-reader.ts'

interface Header {
  readonly map: 1
  readonly identity: MapIdentity
}

type Line = MapEntry | { readonly checkpoint: MapCheckpoint }

/**
 * A map in a file that people can read: JSON Lines, an entry for each old event, and a checkpoint after what was copied in
 * one transaction. The lines stand in the order of old positions, so that one is found by halves. It is not synced to disk:
 * what a failure of the machine takes from it is made again from both logs.
 */
export class MapFile implements MigrationMap {
  readonly #file: FileHandle
  readonly #path: string
  readonly #lines: LineReader
  #identity: MapIdentity | undefined
  /** Where the entries begin, and where the next one goes. */
  #start = 0
  #end = 0
  /** Whether anything was written by this process: only then is the file as long as what counts of it. */
  #isWritten = false

  private constructor(file: FileHandle, path: string) {
    this.#file = file
    this.#path = path
    this.#lines = new LineReader(file)
  }

  /** @throws CliError `cli.file-not-found` */
  static async open(path: string, { make }: { readonly make: boolean }): Promise<MapFile> {
    try {
      return new MapFile(await openOrMake(path, make), path)
    } catch (cause) {
      throw new CliError('cli.file-not-found', `The map ${path} can not be opened`, {
        exit: 'notFound',
        cause,
      })
    }
  }

  async begin(identity: MapIdentity): Promise<MapCheckpoint | undefined> {
    this.#identity = identity
    const { size } = await this.#file.stat()
    const header = await this.#lines.lineAt(0, size)
    if (header === undefined) return undefined
    requireSameLogs(this.#headerOf(header.text).identity, identity)
    this.#start = header.next
    // What was written after the last checkpoint was cut off, and doesn't count.
    for await (const line of lastMarked(this.#lines, '{"checkpoint":', this.#start, size)) {
      const found = this.#read(line.text)
      if (!('checkpoint' in found)) continue
      this.#end = line.next
      return found.checkpoint
    }
    this.#end = this.#start
    return undefined
  }

  async add(entries: readonly MapEntry[], checkpoint: MapCheckpoint): Promise<void> {
    if (!this.#isWritten) await this.#beginWriting()
    const lines: readonly Line[] = [...entries, { checkpoint }]
    await this.#write(lines)
  }

  async find(old: number): Promise<MapEntry | undefined> {
    const line = await this.#lines.lineAt(await this.#after(old - 1), this.#end)
    const found = line === undefined ? undefined : this.#read(line.text)
    return found !== undefined && 'old' in found && found.old === old ? found : undefined
  }

  async *entries(after: number): AsyncGenerator<MapEntry> {
    for await (const text of this.#lines.from(await this.#after(after), this.#end)) {
      const found = this.#read(text)
      if ('old' in found) yield found
    }
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  /** Where the first line begins that is about more than an old position. */
  async #after(old: number): Promise<number> {
    let from = this.#start
    let to = this.#end
    while (from < to) {
      const begin = (await this.#lines.nextLine(Math.floor((from + to) / 2), to)) ?? from
      const line = await this.#lines.lineAt(begin, this.#end)
      if (line === undefined) throw this.#damaged(undefined)
      const found = this.#read(line.text)
      const place = 'old' in found ? found.old : found.checkpoint.old
      if (place <= old) from = line.next
      else to = begin
    }
    return from
  }

  async #beginWriting(): Promise<void> {
    await this.#file.truncate(this.#end)
    this.#lines.forget()
    this.#isWritten = true
    if (this.#end > 0 || this.#identity === undefined) return
    await this.#write([{ map: 1, identity: this.#identity } satisfies Header])
    this.#start = this.#end
  }

  async #write(lines: readonly (Line | Header)[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    const { bytesWritten } = await this.#file.write(text, this.#end)
    this.#end += bytesWritten
  }

  #headerOf(text: string): Header {
    const header: unknown = this.#parse(text)
    if (typeof header === 'object' && header !== null && 'map' in header && header.map === 1)
      return header as Header
    throw this.#damaged(undefined)
  }

  #read(text: string): Line {
    return this.#parse(text) as Line
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch (cause) {
      throw this.#damaged(cause)
    }
  }

  #damaged(cause: unknown): HeadwaterError {
    return new HeadwaterError('migration.mismatch', `${this.#path} is no map of a migration, or is damaged`, {
      cause,
    })
  }
}

/** For reading and writing at any place, whether it is there or not. */
async function openOrMake(path: string, make: boolean): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!make || !isMissing) throw error
    return open(path, 'wx+')
  }
}
