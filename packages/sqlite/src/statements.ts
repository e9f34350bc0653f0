import type { Database, Statement } from './database.ts'

/** Users' queries differ without end; a program's own have a handful of forms. */
const most = 100

/** Statements whose text depends on the form of a query, prepared once for each form. */
export class Statements<Row> {
  readonly #prepare: (sql: string) => Statement<unknown[], Row>
  readonly #prepared = new Map<string, Statement<unknown[], Row>>()

  constructor(prepare: (sql: string) => Statement<unknown[], Row>) {
    this.#prepare = prepare
  }

  get(sql: string): Statement<unknown[], Row> {
    let statement = this.#prepared.get(sql)
    if (statement === undefined) {
      statement = this.#prepare(sql)
      if (this.#prepared.size >= most) this.#prepared.clear()
      this.#prepared.set(sql, statement)
    }
    return statement
  }
}

/** Statements that give one value for each row. */
export function valueStatements<Value>(database: Database): Statements<Value> {
  return new Statements((sql) => database.prepare<unknown[], Value>(sql).pluck())
}

/** Statements that give rows as arrays, which are faster to make than objects. */
export function rowStatements<Row>(database: Database): Statements<Row> {
  return new Statements((sql) => database.prepare<unknown[], Row>(sql).raw())
}
