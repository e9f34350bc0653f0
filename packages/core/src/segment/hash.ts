import { createHash } from 'node:crypto'
import type { EventRow } from '../log/port.ts'

/** Stands for the hash before the first segment. */
export const noHash = '0'.repeat(64)

/** The first bytes of what is hashed: with another encoding there is another number. */
const encoding = 'headwater segment 1'

const nullLength = 0xff_ff_ff_ff
const firstCapacity = 64 * 1024

/**
 * The hash of a segment: of the hash before it, its first position, and every column of its events by position, the tags
 * aside. Each value is written so that no two sequences of events give the same bytes: integers in 8 bytes, text and bytes
 * behind their length, null as a length that there is not, payloads behind what they are. Every store gives the same.
 */
export class SegmentHash {
  readonly #hash = createHash('sha256')
  #bytes = Buffer.allocUnsafe(firstCapacity)
  #length = 0
  #events = 0

  constructor(previous: string, first: number) {
    this.#text(encoding)
    this.#text(previous)
    this.#integer(first)
  }

  add(event: EventRow): void {
    this.#events += 1
    this.#integer(event.position)
    this.#text(event.tenant)
    this.#text(event.stream)
    this.#integer(event.revision)
    this.#text(event.type)
    this.#integer(event.version)
    this.#text(event.commandId)
    this.#integer(event.ordinal)
    this.#integer(event.recordedAt)
    this.#integer(event.occurredAt)
    this.#text(event.actor)
    this.#text(event.correlationId)
    this.#text(event.causationId)
    this.#payload(event.data)
    if (this.#length > firstCapacity / 2) this.#flush()
  }

  /** In hexadecimal. Nothing can be added afterwards. */
  digest(): string {
    this.#integer(this.#events)
    this.#flush()
    return this.#hash.digest('hex')
  }

  #integer(value: number): void {
    this.#reserve(8)
    this.#length = this.#bytes.writeInt32BE(Math.floor(value / 2 ** 32), this.#length)
    this.#length = this.#bytes.writeUInt32BE(value >>> 0, this.#length)
  }

  #text(text: string | null): void {
    // A character is three bytes at most.
    this.#reserve(4 + (text?.length ?? 0) * 3)
    const written = text === null ? 0 : this.#bytes.write(text, this.#length + 4)
    this.#bytes.writeUInt32BE(text === null ? nullLength : written, this.#length)
    this.#length += 4 + written
  }

  #payload(data: EventRow['data']): void {
    this.#reserve(1)
    this.#length = this.#bytes.writeUInt8(typeof data === 'string' ? 0 : 1, this.#length)
    if (typeof data === 'string') return this.#text(data)
    this.#reserve(4 + data.length)
    this.#length = this.#bytes.writeUInt32BE(data.length, this.#length)
    this.#bytes.set(data, this.#length)
    this.#length += data.length
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    this.#flush()
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length)
  }

  #flush(): void {
    this.#hash.update(this.#bytes.subarray(0, this.#length))
    this.#length = 0
  }
}
