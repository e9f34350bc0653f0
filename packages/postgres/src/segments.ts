import type { SealedSegment, SegmentRow, Segments, SegmentsQuery, SegmentState } from '@headwater/core'
import type { Database } from './database.ts'
import { PostgresDetaching } from './detaching.ts'
import { prepared } from './sql.ts'

const sql = prepared('segments')
const list = sql('list')
const seal = sql('seal')

type Columns = [
  number: number,
  first: number,
  last: number,
  hash: string,
  sealedAt: number,
  state: SegmentState,
  file: string | null,
]

export class PostgresSegments implements Segments {
  readonly detaching: PostgresDetaching
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    this.detaching = new PostgresDetaching(database)
  }

  async list({ after, limit }: SegmentsQuery): Promise<readonly SegmentRow[]> {
    const { rows } = await this.#database.run<Columns>(list, [after, limit])
    return rows.map(([number, first, last, hash, sealedAt, state, file]) => {
      return { number, first, last, hash, sealedAt, state, file }
    })
  }

  async seal({ number, first, last, hash, sealedAt }: SealedSegment): Promise<boolean> {
    const { count } = await this.#database.run(seal, [number, first, last, hash, sealedAt])
    return count === 1
  }
}
