import type { ProcessingResult, Results, ResultsQuery } from '@headwater/core'
import type { Database } from './database.ts'
import { encodedOf } from './encoded.ts'
import { keyOf, storedKey } from './keys.ts'
import { prepared } from './sql.ts'

const sql = prepared('results')

type ResultColumns = [
  branch: number,
  position: number,
  processor: string,
  tenant: string,
  sequence: string,
  status: ProcessingResult['status'],
  attempts: number,
  result: string | null,
  resultBytes: Uint8Array | null,
  error: string | null,
  owner: string,
  at: number,
  actor: string | null,
  why: string | null,
  job: string | null,
]

export class PostgresResults implements Results {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async list(query: ResultsQuery): Promise<readonly ProcessingResult[]> {
    const { branch, processor, position, after = 0, limit } = query
    const tenant = query.tenant === undefined ? null : storedKey(query.tenant)
    if (position !== undefined && position <= after) return []
    const [name, values] =
      position !== undefined
        ? ['list-of-event', [branch, position, tenant, processor ?? null, limit]]
        : processor === undefined
          ? ['list', [branch, after, tenant, limit]]
          : ['list-of-processor', [processor, branch, after, tenant, limit]]
    const { rows } = await this.#database.run<ResultColumns>(sql(name), values)
    return rows.map(resultOf)
  }
}

function resultOf(columns: ResultColumns): ProcessingResult {
  const [branch, position, processor, tenant, sequence, status, attempts, text, bytes, ...rest] = columns
  const [error, owner, at, actor, why, job] = rest
  return {
    processor,
    branch,
    position,
    tenant: keyOf(tenant),
    sequence: keyOf(sequence),
    status,
    attempts,
    result: text === null && bytes === null ? null : encodedOf(text, bytes),
    error,
    owner,
    at,
    actor,
    why,
    job,
  }
}
