import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import { rangeOf } from '../type-ranges.ts'

interface Range {
  readonly number: number
  readonly types: Set<string>
}

/** Keeps the index of types: asks the database only for the first event of a type in a range. */
export class TypeRangeWriter {
  readonly #insert: Statement
  /** What is known to be listed of the last range of each branch. */
  readonly #last = new Map<number, Range>()

  constructor(database: Database) {
    this.#insert = database.prepare(statementsOf('type-ranges')('insert'))
  }

  add(branch: number, type: string, position: number): void {
    const number = rangeOf(position)
    let range = this.#last.get(branch)
    if (range === undefined || range.number !== number) {
      range = { number, types: new Set() }
      this.#last.set(branch, range)
    }
    if (range.types.has(type)) return
    this.#insert.run(branch, type, number)
    range.types.add(type)
  }

  /** The transaction was undone, and with it what it had listed. */
  forget(): void {
    this.#last.clear()
  }
}
