import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('versions')

/** Counts the versions of all documents, so that none is given twice; kept in the database once for each transaction. */
export class VersionCounter {
  readonly #load: Statement<[], number>
  readonly #save: Statement
  #last: number | undefined

  constructor(database: Database) {
    this.#load = database.prepare<[], number>(sql('load')).pluck()
    this.#save = database.prepare(sql('save'))
  }

  next(): number {
    this.#last = (this.#last ?? this.#load.get() ?? 0) + 1
    return this.#last
  }

  /** Before the commit. */
  save(): void {
    if (this.#last !== undefined) this.#save.run(this.#last)
  }

  /** After the transaction: another process may count on. */
  forget(): void {
    this.#last = undefined
  }
}
