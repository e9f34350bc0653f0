import type { FileHandle } from 'node:fs/promises'

export interface PlacedLine {
  readonly text: string
  /** Where the next one begins. */
  readonly next: number
}

const newline = 10
const blockSize = 16 * 1_024
/** Blocks in memory: a search by halves meets the same ones again and again. */
const mostBlocks = 256

/**
 * Lines of a file that only grows, from any place in it. None is read beyond a limit, up to which the file is written.
 */
export class LineReader {
  readonly #file: FileHandle
  readonly #blocks = new Map<number, Buffer>()

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** The line that begins at a place; undefined: it has no end before the limit. */
  async lineAt(begin: number, limit: number): Promise<PlacedLine | undefined> {
    const parts: Buffer[] = []
    for (let at = begin; at < limit; ) {
      const block = await this.blockAt(at, limit)
      const end = block.indexOf(newline)
      parts.push(end < 0 ? block : block.subarray(0, end))
      if (end >= 0) return { text: Buffer.concat(parts).toString(), next: at + end + 1 }
      at += block.length
    }
    return undefined
  }

  /** Where the first line begins that does so after a place and before the limit. */
  async nextLine(place: number, limit: number): Promise<number | undefined> {
    for (let at = place; at < limit; ) {
      const block = await this.blockAt(at, limit)
      const end = block.indexOf(newline)
      if (end >= 0) return at + end + 1 < limit ? at + end + 1 : undefined
      at += block.length
    }
    return undefined
  }

  /** All lines from a place on. */
  async *from(begin: number, limit: number): AsyncGenerator<string> {
    let rest = Buffer.alloc(0)
    for (let at = begin; at < limit; ) {
      const read = await this.blockAt(at, limit)
      at += read.length
      let block = Buffer.concat([rest, read])
      for (let end = block.indexOf(newline); end >= 0; end = block.indexOf(newline)) {
        yield block.subarray(0, end).toString()
        block = block.subarray(end + 1)
      }
      rest = block
    }
  }

  /** What a file holds from a place to the end of the block that it is in, or to the limit; never nothing. */
  async blockAt(at: number, limit: number): Promise<Buffer> {
    const index = Math.floor(at / blockSize)
    const start = index * blockSize
    const isWhole = start + blockSize <= limit
    const known = isWhole ? this.#blocks.get(index) : undefined
    const block = known ?? (await this.#read(start, Math.min(blockSize, limit - start)))
    if (isWhole && known === undefined) this.#keep(index, block)
    return block.subarray(at - start)
  }

  /** What was beyond the last limit is written anew. */
  forget(): void {
    this.#blocks.clear()
  }

  async #read(start: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, start)
    if (bytesRead === length) return buffer
    throw new RangeError(`The file ends at ${start + bytesRead}, before ${start + length}`)
  }

  #keep(index: number, block: Buffer): void {
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size >= mostBlocks && oldest !== undefined) this.#blocks.delete(oldest)
    this.#blocks.set(index, block)
  }
}

/** Lines that begin with a mark, the last first; one that has no end is left out. */
export async function* lastMarked(
  lines: LineReader,
  mark: string,
  start: number,
  end: number,
): AsyncGenerator<PlacedLine> {
  const marked = Buffer.from(mark)
  for (
    let block = Math.floor((end - 1) / blockSize);
    block >= 0 && (block + 1) * blockSize > start;
    block -= 1
  ) {
    const begin = Math.max(start, block * blockSize)
    // A mark may lie across the border of two blocks.
    const read = await lines.blockAt(begin, end)
    const next = begin + read.length < end ? await lines.blockAt(begin + read.length, end) : Buffer.alloc(0)
    const found = Buffer.concat([read, next.subarray(0, marked.length - 1)])
    for (
      let at = found.lastIndexOf(marked);
      at >= 0;
      at = at === 0 ? -1 : found.lastIndexOf(marked, at - 1)
    ) {
      const line = await lines.lineAt(begin + at, end)
      if (line !== undefined) yield line
    }
  }
}
