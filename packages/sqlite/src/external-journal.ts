import type {
  CallIntent,
  CallKey,
  CallSettlement,
  CallsPage,
  CallsQuery,
  CallsToPrune,
  CallStatus,
  ExternalJournal,
  JournaledCall,
  LatestCall,
  ListedCall,
} from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import { Statements } from './statements.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('external-journal')

/** A row of the journal, as the statements of `external-journal.sql` give it. */
export interface CallColumns {
  readonly sequence: number
  readonly branch: number
  readonly tenant: string
  readonly caller_id: string
  readonly caller_kind: JournaledCall['caller']['kind']
  readonly caller_name: string
  readonly caller_series: string
  readonly external: string
  readonly hash: string
  readonly number: number
  readonly request: string | Buffer
  readonly status: CallStatus
  readonly answer: string | Buffer | null
  readonly error: string | null
  readonly attempts: number
  readonly intended_at: number
  readonly settled_at: number | null
}

interface ListedColumns extends Omit<CallColumns, 'request'> {
  readonly request: string | Buffer | null
  readonly request_size: number
  readonly answer_size: number | null
}

/** So many rows are looked through at once. */
const slice = 20_000

/** The calls to the outside. */
export class SqliteExternalJournal implements ExternalJournal {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #find: Statement<unknown[], CallColumns>
  readonly #latest: Statement<unknown[], CallColumns>
  readonly #last: Statement<[], number>
  readonly #read: Statement<[number, number, number], CallColumns>
  readonly #lists: Statements<ListedColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#find = findCall(reader.database)
    this.#latest = reader.database.prepare(sql('latest'))
    this.#last = reader.database.prepare<[], number>(sql('last')).pluck()
    this.#read = reader.database.prepare<[number, number, number], CallColumns>(sql('read'))
    this.#lists = new Statements((text) => reader.database.prepare<unknown[], ListedColumns>(text))
  }

  intend(call: CallIntent): Promise<JournaledCall> {
    return this.#writer.perform('intendCall', call)
  }

  settle(call: CallIntent, settlement: CallSettlement): Promise<JournaledCall> {
    return this.#writer.perform('settleCall', call, settlement)
  }

  find(key: CallKey): Promise<JournaledCall | undefined> {
    return this.#reader.read(() => {
      const columns = this.#find.get(...keyValues(key))
      return columns && journaledCall(columns)
    })
  }

  latest({ branch, tenant, external, hash, at }: LatestCall): Promise<JournaledCall | undefined> {
    return this.#reader.read(() => {
      const columns = this.#latest.get(branch, tenant, external, hash, at)
      return columns && journaledCall(columns)
    })
  }

  /** In slices, so that a search for what is rare holds nobody up. */
  async list(query: CallsQuery): Promise<readonly ListedCall[]> {
    const found: ListedCall[] = []
    const last = await this.#reader.read(() => this.#last.get() ?? 0)
    const { sequence = 0, callerId } = query
    const size = sequence > 0 || callerId !== undefined ? last : slice
    let to = Math.min(last, (query.before ?? Number.MAX_SAFE_INTEGER) - 1)
    while (to > 0 && found.length < query.limit) {
      const { text, values } = listing(query, Math.max(1, to - size + 1), to, query.limit - found.length)
      const rows = await this.#reader.read(() => this.#lists.get(text).all(...values))
      found.push(...rows.map(listedCall))
      to -= size
    }
    return found
  }

  read({ branch, after, limit }: CallsPage): Promise<readonly JournaledCall[]> {
    return this.#reader.read(() => this.#read.all(branch, after, limit).map(journaledCall))
  }

  keep(calls: readonly JournaledCall[]): Promise<number> {
    return this.#writer.perform('keepCalls', calls)
  }

  prune(which: CallsToPrune): Promise<number> {
    return this.#writer.perform('pruneCalls', which)
  }
}

export function findCall(database: Database): Statement<unknown[], CallColumns> {
  return database.prepare<unknown[], CallColumns>(sql('find'))
}

export function keyValues({ branch, tenant, caller, external, hash, number }: CallKey): readonly unknown[] {
  return [branch, tenant, caller.id, caller.kind, caller.name, caller.series, external, hash, number]
}

export function journaledCall(columns: CallColumns): JournaledCall {
  return { ...common(columns), request: encoded(columns.request) }
}

function listedCall(columns: ListedColumns): ListedCall {
  const { request, request_size, answer_size } = columns
  return {
    ...common(columns),
    request: request === null ? null : encoded(request),
    requestSize: request_size,
    answerSize: answer_size ?? 0,
  }
}

function common(columns: Omit<CallColumns, 'request'>): Omit<JournaledCall, 'request'> {
  const { sequence, branch, tenant, external, hash, number, status, answer, error, attempts } = columns
  return {
    sequence,
    branch,
    tenant,
    caller: {
      kind: columns.caller_kind,
      name: columns.caller_name,
      id: columns.caller_id,
      series: columns.caller_series,
    },
    external,
    hash,
    number,
    status,
    answer: answer === null ? null : encoded(answer),
    error,
    attempts,
    intendedAt: columns.intended_at,
    settledAt: columns.settled_at,
  }
}

function listing(
  query: CallsQuery,
  from: number,
  to: number,
  limit: number,
): { readonly text: string; readonly values: readonly unknown[] } {
  const { branch, tenant, external, status, callerId, sequence, longest } = query
  const conditions: (readonly [condition: string, value: unknown])[] = [
    ['branch = ?', branch],
    ['sequence >= ?', from],
    ['sequence <= ?', to],
  ]
  if (tenant !== undefined) conditions.push(['tenant = ?', tenant])
  if (external !== undefined) conditions.push(['external = ?', external])
  if (status !== undefined) conditions.push(['status = ?', status])
  if (callerId !== undefined) conditions.push(['caller_id = ?', callerId])
  if (sequence !== undefined) conditions.push(['sequence = ?', sequence])
  const text = sql('list').replace('WHERE true', `WHERE ${conditions.map(([one]) => one).join(' AND ')}`)
  return { text, values: [longest, longest, ...conditions.map(([, value]) => value), limit] }
}
