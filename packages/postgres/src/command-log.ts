import { type CommandLog, type CommandRow, isStorable } from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { encodedOf } from './encoded.ts'
import { filled, statementsOf } from './sql.ts'

const sql = statementsOf('command-log')

const columns = `sequence, tenant, id, type, payload, payload_bytes, actor, correlation_id, causation_id, decided_at, status,
  reason, reason_bytes, reads, position, events`

type Columns = [
  sequence: number,
  tenant: string,
  id: string,
  type: string,
  payload: string | null,
  payloadBytes: Uint8Array | null,
  actor: string | null,
  correlationId: string | null,
  causationId: string | null,
  decidedAt: number,
  status: CommandRow['status'],
  reason: string | null,
  reasonBytes: Uint8Array | null,
  reads: string,
  position: number | null,
  events: number,
]

const find = statement('find')
const read = statement('read')
const trace = statement('trace')

export class PostgresCommandLog implements CommandLog {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(branch: number, tenant: string, id: string): Promise<CommandRow | undefined> {
    // PostgreSQL holds no such id, and can't be asked for it.
    if (!isStorable(tenant + id)) return undefined
    const { rows } = await this.#database.run<Columns>(find, [branch, tenant, id])
    return rows[0] && commandRow(rows[0])
  }

  async read({
    branch,
    tenant,
    after,
    limit,
  }: Parameters<CommandLog['read']>[0]): Promise<readonly CommandRow[]> {
    const { rows } = await this.#database.run<Columns>(read, [after, branch, tenant ?? null, limit])
    return rows.map(commandRow)
  }

  async trace({
    branch,
    tenant,
    correlationId = null,
    causationId = null,
    limit,
  }: {
    branch: number
    tenant: string
    correlationId?: string | null
    causationId?: string | null
    limit: number
  }): Promise<readonly CommandRow[]> {
    const values = [branch, tenant, correlationId, causationId, limit]
    return (await this.#database.run<Columns>(trace, values)).rows.map(commandRow)
  }
}

function statement(name: string): Statement {
  return { name: `${name}-commands`, text: filled(sql(name), { columns }) }
}

function commandRow(row: Columns): CommandRow {
  return {
    sequence: row[0],
    tenant: row[1],
    id: row[2],
    type: row[3],
    payload: encodedOf(row[4], row[5]),
    actor: row[6],
    correlationId: row[7],
    causationId: row[8],
    decidedAt: row[9],
    status: row[10],
    reason: row[11] === null && row[12] === null ? null : encodedOf(row[11], row[12]),
    reads: row[13],
    position: row[14],
    events: row[15],
  }
}
