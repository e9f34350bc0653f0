import type { SealedSegment, SegmentRow, Segments, SegmentsQuery } from '../segments.ts'
import type { Gate } from './gate.ts'

export class MemorySegments implements Segments {
  readonly #gate: Gate
  readonly #rows = new Map<number, SegmentRow>()

  constructor(gate: Gate) {
    this.#gate = gate
  }

  async list({ after, limit }: SegmentsQuery): Promise<readonly SegmentRow[]> {
    await this.#gate.pass()
    return [...this.#rows.values()]
      .filter(({ number }) => number > after)
      .sort((one, other) => one.number - other.number)
      .slice(0, limit)
  }

  async seal({ number, first, last, hash, sealedAt }: SealedSegment): Promise<boolean> {
    await this.#gate.pass()
    if (this.#rows.has(number)) return false
    this.#rows.set(
      number,
      Object.freeze({ number, first, last, hash, sealedAt, state: 'attached', file: null }),
    )
    return true
  }
}
