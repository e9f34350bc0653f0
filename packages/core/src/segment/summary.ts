import type { SegmentRow, SegmentState } from '../log/segments.ts'

/** A sealed segment. */
export interface SegmentInfo {
  readonly number: number
  /** The positions of its first and last event. */
  readonly first: number
  readonly last: number
  /** SHA-256 in hexadecimal, of its events and the hash before. */
  readonly hash: string
  readonly sealedAt: Date
  readonly state: SegmentState
  /** The file that holds its events, where they are not in the log; else null. */
  readonly file: string | null
}

/** A segment whose events were hashed anew. */
export interface SegmentFinding extends SegmentInfo {
  /** In words, what is not as it was when it was sealed; null: nothing. */
  readonly difference: string | null
}

export function infoOf({ number, first, last, hash, sealedAt, state, file }: SegmentRow): SegmentInfo {
  return { number, first, last, hash, sealedAt: new Date(sealedAt), state, file }
}
