import type { ProcessingResult, Results, ResultsQuery } from '@headwater/core'
import type { Statement } from './database.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('results')

interface ResultColumns extends Omit<ProcessingResult, 'result'> {
  readonly result: string | Buffer | null
}

export class SqliteResults implements Results {
  readonly #reader: Reader
  readonly #list: Statement<[number, number, string | null, number], ResultColumns>
  readonly #ofEvent: Statement<[number, number, string | null, string | null, number], ResultColumns>
  readonly #ofProcessor: Statement<[string, number, number, string | null, number], ResultColumns>

  constructor(reader: Reader) {
    this.#reader = reader
    this.#list = reader.database.prepare(sql('list'))
    this.#ofEvent = reader.database.prepare(sql('list-of-event'))
    this.#ofProcessor = reader.database.prepare(sql('list-of-processor'))
  }

  list(query: ResultsQuery): Promise<readonly ProcessingResult[]> {
    return this.#reader.read(() => this.#rows(query).map(resultOf))
  }

  #rows({ branch, processor, position, after = 0, limit, ...query }: ResultsQuery): ResultColumns[] {
    const tenant = query.tenant ?? null
    if (position !== undefined)
      return position > after ? this.#ofEvent.all(branch, position, tenant, processor ?? null, limit) : []
    return processor === undefined
      ? this.#list.all(branch, after, tenant, limit)
      : this.#ofProcessor.all(processor, branch, after, tenant, limit)
  }
}

function resultOf({ result, ...columns }: ResultColumns): ProcessingResult {
  return { ...columns, result: result === null ? null : encoded(result) }
}
