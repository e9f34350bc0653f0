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
import type { Database, Value } from './database.ts'
import { encodedColumns, encodedOf } from './encoded.ts'
import { prepared } from './sql.ts'

const sql = prepared('external-journal')

type Columns = [
  sequence: number,
  branch: number,
  tenant: string,
  callerId: string,
  callerKind: JournaledCall['caller']['kind'],
  callerName: string,
  callerSeries: string,
  external: string,
  hash: string,
  number: number,
  request: string | null,
  requestBytes: Uint8Array | null,
  status: CallStatus,
  answer: string | null,
  answerBytes: Uint8Array | null,
  error: string | null,
  attempts: number,
  intendedAt: number,
  settledAt: number | null,
]

type ListedColumns = [...Columns, requestSize: number, answerSize: number | null]

/** The calls to the outside. */
export class PostgresExternalJournal implements ExternalJournal {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async intend(call: CallIntent): Promise<JournaledCall> {
    await this.#database.run(sql('intend'), [...keyValues(call), ...encodedColumns(call.request)])
    return this.#found(call)
  }

  async settle(call: CallIntent, settlement: CallSettlement): Promise<JournaledCall> {
    const { status, answer, error, attempts } = settlement
    await this.#database.run(sql('settle'), [
      ...keyValues(call),
      ...encodedColumns(call.request),
      status,
      ...encodedColumns(answer),
      error,
      attempts,
    ])
    return this.#found(call)
  }

  async find(key: CallKey): Promise<JournaledCall | undefined> {
    const { rows } = await this.#database.run<Columns>(sql('find'), keyValues(key))
    return rows[0] && journaledCall(rows[0])
  }

  async latest({ branch, tenant, external, hash, at }: LatestCall): Promise<JournaledCall | undefined> {
    const { rows } = await this.#database.run<Columns>(sql('latest'), [branch, tenant, external, hash, at])
    return rows[0] && journaledCall(rows[0])
  }

  async list(query: CallsQuery): Promise<readonly ListedCall[]> {
    const { branch, tenant, external, status, callerId, sequence, before, longest, limit } = query
    const asked = [tenant, external, status, callerId, sequence, before].map((value) => value ?? null)
    // Not prepared: the plan depends on what is asked for.
    const { text } = sql('list')
    const { rows } = await this.#database.run<ListedColumns>({ text }, [branch, ...asked, longest, limit])
    return rows.map(listedCall)
  }

  async read({ branch, after, limit }: CallsPage): Promise<readonly JournaledCall[]> {
    const { rows } = await this.#database.run<Columns>(sql('read'), [branch, after, limit])
    return rows.map(journaledCall)
  }

  keep(calls: readonly JournaledCall[]): Promise<number> {
    return this.#database.transaction(async (session) => {
      let kept = 0
      for (const call of calls) {
        const { status, error, attempts, intendedAt, settledAt } = call
        const [request, answer] = [encodedColumns(call.request), encodedColumns(call.answer)]
        const came = [status, ...answer, error, attempts, intendedAt, settledAt]
        kept += (await session.run(sql('keep'), [...keyValues(call), ...request, ...came])).count
      }
      return kept
    })
  }

  async prune({ branch, external, before, limit }: CallsToPrune): Promise<number> {
    const { count } =
      external === undefined
        ? await this.#database.run(sql('prune-branch'), [branch, limit, before])
        : await this.#database.run(sql('prune'), [branch, external, limit, before])
    return count
  }

  async #found(call: CallIntent): Promise<JournaledCall> {
    const found = await this.find(call)
    if (found === undefined) throw new Error('A call was journaled, and is not there')
    return found
  }
}

function keyValues({ branch, tenant, caller, external, hash, number }: CallKey): readonly Value[] {
  return [branch, tenant, caller.id, caller.kind, caller.name, caller.series, external, hash, number]
}

function journaledCall(columns: Columns | ListedColumns): JournaledCall {
  return { ...common(columns), request: encodedOf(columns[10], columns[11]) }
}

function listedCall(columns: ListedColumns): ListedCall {
  const [, , , , , , , , , , request, requestBytes] = columns
  const isLeftOut = request === null && requestBytes === null
  return {
    ...common(columns),
    request: isLeftOut ? null : encodedOf(request, requestBytes),
    requestSize: columns[19],
    answerSize: columns[20] ?? 0,
  }
}

function common(columns: Columns | ListedColumns): Omit<JournaledCall, 'request'> {
  const [sequence, branch, tenant, id, kind, name, series, external, hash, number] = columns
  const [, , , , , , , , , , , , status, answer, answerBytes, error, attempts, intendedAt, settledAt] =
    columns
  return {
    sequence,
    branch,
    tenant,
    caller: { kind, name, id, series },
    external,
    hash,
    number,
    status,
    answer: answer === null && answerBytes === null ? null : encodedOf(answer, answerBytes),
    error,
    attempts,
    intendedAt,
    settledAt,
  }
}
