import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, truncate } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { archiveHead, archiveOf, headLine, recordLine, type Store } from '@headwater/core'
import { CliError, usageError } from '../command/cli-error.ts'
import { counted, duration } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { readWhole, type Whole } from './read.ts'

/** So many lines are checked together, or so many characters. */
const blockLines = 500
const blockLength = 4 * 1024 * 1024

/**
 * Writes the whole log to a file, which has its name when it is complete. An interrupted one is gone on with.
 *
 * @throws CliError `cli.file-not-found`, `cli.usage`
 */
export async function writeArchive(store: Store, path: string, terminal: Terminal): Promise<void> {
  if (existsSync(path)) throw usageError(`${path} is there already`, 'Name another file.')
  const started = performance.now()
  const part = `${path}.part`
  const now = await archiveHead(store)
  const before = existsSync(part) ? await goOn(part, now.epoch, terminal) : undefined
  const head = before?.head ?? now
  const progress = terminal.progress('Exporting', { total: head.position })
  const out = new BlockWriter(part, before)
  let events = before?.events ?? 0
  try {
    await out.open(headLine(head))
    for await (const record of archiveOf(store, head, before?.place)) {
      terminal.signal.throwIfAborted()
      if (record.kind === 'transaction') events += record.transaction.events.length
      await out.write(recordLine(record))
      progress.update(events, counted(events, 'event'))
    }
    await out.end()
  } catch (error) {
    if (terminal.signal.aborted) terminal.warn('Interrupted. Run it again to go on.')
    throw error
  } finally {
    progress.stop()
    await out.close()
  }
  await rename(part, path)
  terminal.note(
    `${counted(events, 'event')} up to position ${head.position} in ${duration(performance.now() - started)}`,
  )
}

/** What an interrupted export has left, cut off behind the last block that is whole. */
async function goOn(part: string, epoch: string, terminal: Terminal): Promise<Whole | undefined> {
  const whole = await readWhole(part)
  if (whole === undefined || whole.head.epoch !== epoch) return undefined
  await truncate(part, whole.bytes)
  terminal.note(`Going on with ${part} after position ${whole.place.position}`)
  return whole
}

class BlockWriter {
  readonly #path: string
  readonly #isGoingOn: boolean
  readonly #hash
  #stream: ReturnType<typeof createWriteStream> | undefined
  #lines = 0
  #length = 0

  constructor(path: string, before: { readonly hash: ReturnType<typeof createHash> } | undefined) {
    this.#path = path
    this.#isGoingOn = before !== undefined
    this.#hash = before?.hash ?? createHash('sha256')
  }

  async open(head: string): Promise<void> {
    const stream = createWriteStream(this.#path, { flags: this.#isGoingOn ? 'a' : 'w' })
    try {
      await once(stream, 'open')
    } catch (cause) {
      throw new CliError('cli.file-not-found', `${this.#path} can not be written`, { cause })
    }
    this.#stream = stream
    if (this.#isGoingOn) return
    await this.write(head)
    await this.#check()
  }

  async write(line: string): Promise<void> {
    this.#hash.update(`${line}\n`)
    await this.#put(line)
    this.#lines += 1
    this.#length += line.length
    if (this.#lines >= blockLines || this.#length >= blockLength) await this.#check()
  }

  async end(): Promise<void> {
    await this.#put(JSON.stringify({ end: this.#hash.copy().digest('hex') }))
  }

  async close(): Promise<void> {
    if (this.#stream === undefined) return
    this.#stream.end()
    await finished(this.#stream)
  }

  async #check(): Promise<void> {
    await this.#put(JSON.stringify({ check: this.#hash.copy().digest('hex') }))
    this.#lines = 0
    this.#length = 0
  }

  async #put(line: string): Promise<void> {
    if (this.#stream?.write(`${line}\n`) === false) await once(this.#stream, 'drain')
  }
}
