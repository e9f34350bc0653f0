import { type CommandLog, type CommandRow, mainBranch } from '@headwater/core'
import type { Statement } from './database.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('command-log')

type Columns = [
  sequence: number,
  tenant: string,
  id: string,
  type: string,
  payload: string | Buffer,
  actor: string | null,
  correlationId: string | null,
  causationId: string | null,
  decidedAt: number,
  status: CommandRow['status'],
  reason: string | Buffer | null,
  reads: string,
  position: number | null,
  events: number,
]

interface Trace {
  readonly branch: number
  readonly tenant: string
  readonly correlation_id: string | null
  readonly causation_id: string | null
  readonly limit: number
}

export class SqliteCommandLog implements CommandLog {
  readonly #reader: Reader
  readonly #find: Statement<[number, string, string], Columns>
  readonly #read: Statement<[number, number, string | null, number], Columns>
  readonly #readBranch: Statement<[number, number, string | null, number], Columns>
  readonly #trace: Statement<[Trace], Columns>

  constructor(reader: Reader) {
    this.#reader = reader
    const { database } = reader
    this.#find = database.prepare<[number, string, string], Columns>(sql('find')).raw()
    this.#read = database.prepare<[number, number, string | null, number], Columns>(sql('read')).raw()
    this.#readBranch = database
      .prepare<[number, number, string | null, number], Columns>(sql('read-branch'))
      .raw()
    this.#trace = database.prepare<[Trace], Columns>(sql('trace')).raw()
  }

  find(branch: number, tenant: string, id: string): Promise<CommandRow | undefined> {
    return this.#reader.read(() => {
      const columns = this.#find.get(branch, tenant, id)
      return columns === undefined ? undefined : commandRow(columns)
    })
  }

  read({ branch, tenant, after, limit }: Parameters<CommandLog['read']>[0]): Promise<readonly CommandRow[]> {
    const statement = branch === mainBranch ? this.#read : this.#readBranch
    return this.#reader.read(() => statement.all(after, branch, tenant ?? null, limit).map(commandRow))
  }

  trace({
    branch,
    tenant,
    correlationId,
    causationId,
    limit,
  }: Parameters<CommandLog['trace']>[0]): Promise<readonly CommandRow[]> {
    return this.#reader.read(() =>
      this.#trace
        .all({
          branch,
          tenant,
          correlation_id: correlationId ?? null,
          causation_id: causationId ?? null,
          limit,
        })
        .map(commandRow),
    )
  }
}

function commandRow(columns: Columns): CommandRow {
  return {
    sequence: columns[0],
    tenant: columns[1],
    id: columns[2],
    type: columns[3],
    payload: encoded(columns[4]),
    actor: columns[5],
    correlationId: columns[6],
    causationId: columns[7],
    decidedAt: columns[8],
    status: columns[9],
    reason: columns[10] === null ? null : encoded(columns[10]),
    reads: columns[11],
    position: columns[12],
    events: columns[13],
  }
}
