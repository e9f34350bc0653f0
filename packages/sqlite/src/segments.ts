import type { SealedSegment, SegmentRow, Segments, SegmentsQuery, SegmentState } from '@headwater/core'
import type { Statement } from './database.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

type Columns = [
  number: number,
  first: number,
  last: number,
  hash: string,
  sealedAt: number,
  state: SegmentState,
  file: string | null,
]

export class SqliteSegments implements Segments {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #list: Statement<[number, number], Columns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#list = reader.database.prepare<[number, number], Columns>(statementsOf('segments')('list')).raw()
  }

  list({ after, limit }: SegmentsQuery): Promise<readonly SegmentRow[]> {
    return this.#reader.read(() =>
      this.#list.all(after, limit).map(([number, first, last, hash, sealedAt, state, file]) => {
        return { number, first, last, hash, sealedAt, state, file }
      }),
    )
  }

  seal(segment: SealedSegment): Promise<boolean> {
    return this.#writer.perform('sealSegment', segment)
  }
}
