import { closeSync, openSync, readSync, writeSync } from 'node:fs'

const size = 8
/** Records that are read or written at once. */
const blockSize = 8_192
const mostBlocks = 64

/** What the log has at each position, on disk: a digest of six bytes, the type, the tenant. Only some blocks are in memory. */
export class Index {
  readonly #file: number
  readonly #blocks = new Map<number, Buffer>()
  #writing = Buffer.alloc(blockSize * size)
  #written = 0
  #last = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w+')
  }

  /** The highest position. */
  get last(): number {
    return this.#last
  }

  /** In the order of positions; what is missing in between stays empty. */
  add(position: number, digest: string, type: number, tenant: number): void {
    if (position <= this.#last) return
    for (let empty = this.#last + 1; empty < position; empty += 1) this.#put(empty, Buffer.alloc(size))
    const record = Buffer.alloc(size)
    record.write(digest, 'base64url')
    // From 1, so that a record is never empty.
    record.writeUInt8(type + 2, 6)
    record.writeUInt8(tenant + 2, 7)
    this.#put(position, record)
    this.#last = position
  }

  /** Undefined: nothing is there. */
  at(position: number): readonly [digest: string, type: number, tenant: number] | undefined {
    if (position < 1 || position > this.#last) return undefined
    const block = this.#block(Math.floor((position - 1) / blockSize))
    const record = block.subarray(
      ((position - 1) % blockSize) * size,
      (((position - 1) % blockSize) + 1) * size,
    )
    const type = record.readUInt8(6)
    if (type === 0) return undefined
    return [record.toString('base64url', 0, 6), type - 2, record.readUInt8(7) - 2]
  }

  close(): void {
    closeSync(this.#file)
  }

  #put(position: number, record: Buffer): void {
    const index = position - 1
    record.copy(this.#writing, (index % blockSize) * size)
    if (position % blockSize === 0) {
      writeSync(this.#file, this.#writing, 0, this.#writing.length, this.#written * blockSize * size)
      this.#written += 1
      this.#writing = Buffer.alloc(blockSize * size)
    }
  }

  #block(number: number): Buffer {
    if (number >= this.#written) return this.#writing
    const known = this.#blocks.get(number)
    if (known !== undefined) return known
    const block = Buffer.alloc(blockSize * size)
    readSync(this.#file, block, 0, block.length, number * blockSize * size)
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size >= mostBlocks && oldest !== undefined) this.#blocks.delete(oldest)
    this.#blocks.set(number, block)
    return block
  }
}
