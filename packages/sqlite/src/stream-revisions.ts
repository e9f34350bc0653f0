import type { Database, Statement } from './database.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('log')

/** How far streams have come, now or when the log ended at a position. */
export class StreamRevisions {
  readonly #last: Statement<[number, string, string], [number, number]>
  readonly #position: Statement<[number, string, string, number], number>

  constructor(database: Database) {
    this.#last = database.prepare<[number, string, string], [number, number]>(sql('last-event')).raw()
    this.#position = database.prepare<[number, string, string, number], number>(sql('position-of')).pluck()
  }

  /** The last revision up to a position; 0: the branch has no event of the stream there. */
  last(branch: number, tenant: string, stream: string, to = Number.POSITIVE_INFINITY): number {
    const [revision, position] = this.#last.get(branch, tenant, stream) ?? [0, 0]
    return position <= to ? revision : this.#search(branch, tenant, stream, revision - 1, to)
  }

  /** Positions rise with revisions: a search by halves. What stands before the branch's first event is as good as early. */
  #search(branch: number, tenant: string, stream: string, last: number, to: number): number {
    const positionOf = (revision: number): number | undefined =>
      this.#position.get(branch, tenant, stream, revision)
    let from = 0
    let until = last
    while (from < until) {
      const middle = Math.ceil((from + until) / 2)
      if ((positionOf(middle) ?? 0) <= to) from = middle
      else until = middle - 1
    }
    return positionOf(from) === undefined ? 0 : from
  }
}
