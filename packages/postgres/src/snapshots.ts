import type {
  Snapshots,
  SnapshotRow,
  SnapshotsQuery,
  SnapshotSummary,
  SnapshotsToDrop,
} from '@headwater/core'
import { bigintArray, bytesArray, integerArray, textArray } from './arrays.ts'
import type { Database } from './database.ts'
import { encodedColumns, encodedOf } from './encoded.ts'
import { prepared } from './sql.ts'

const sql = prepared('snapshots')
const find = sql('find')
const save = sql('save')
const list = sql('list')
const dropStream = sql('drop-stream')
const dropPrefix = sql('drop-prefix')

type Columns = [
  revision: number,
  hash: string,
  epoch: string,
  eventId: string,
  takenAt: number,
  state: string | null,
  bytes: Uint8Array | null,
]

type SummaryColumns = [
  tenant: string,
  stream: string,
  revision: number,
  hash: string,
  epoch: string,
  eventId: string,
  takenAt: number,
  size: number,
]

export class PostgresSnapshots implements Snapshots {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(branch: number, tenant: string, stream: string): Promise<SnapshotRow | undefined> {
    const { rows } = await this.#database.run<Columns>(find, [branch, tenant, stream])
    if (rows[0] === undefined) return undefined
    const [revision, hash, epoch, eventId, takenAt, state, bytes] = rows[0]
    return { branch, tenant, stream, revision, hash, epoch, eventId, takenAt, state: encodedOf(state, bytes) }
  }

  async save(rows: readonly SnapshotRow[]): Promise<void> {
    const last = lastOfEach(rows)
    if (last.length === 0) return this.#database.requireOpen()
    const states = last.map(({ state }) => encodedColumns(state))
    await this.#database.run(save, [
      integerArray(last.map(({ branch }) => branch)),
      textArray(last.map(({ tenant }) => tenant)),
      textArray(last.map(({ stream }) => stream)),
      bigintArray(last.map(({ revision }) => revision)),
      textArray(last.map(({ hash }) => hash)),
      textArray(last.map(({ epoch }) => epoch)),
      textArray(last.map(({ eventId }) => eventId)),
      bigintArray(last.map(({ takenAt }) => takenAt)),
      textArray(states.map(([text]) => text)),
      bytesArray(states.map(([, bytes]) => bytes)),
    ])
  }

  async list(query: SnapshotsQuery): Promise<readonly SnapshotSummary[]> {
    const { branch, tenant, prefix, after, limit } = query
    const place = [after?.tenant ?? '', after?.stream ?? '']
    const { rows } = await this.#database.run<SummaryColumns>(list, [
      branch,
      tenant ?? null,
      prefix,
      ...place,
      limit,
    ])
    return rows.map(([ownTenant, stream, revision, hash, epoch, eventId, takenAt, size]) => ({
      branch,
      tenant: ownTenant,
      stream,
      revision,
      hash,
      epoch,
      eventId,
      takenAt,
      size,
    }))
  }

  async drop({ branch, tenant, stream, prefix }: SnapshotsToDrop): Promise<number> {
    const { count } =
      stream === undefined
        ? await this.#database.run(dropPrefix, [branch, tenant ?? null, prefix ?? ''])
        : await this.#database.run(dropStream, [branch, tenant ?? null, stream])
    return count
  }
}

/** Of each stream the one that would stay, were they saved one after the other: a statement takes each row once. */
function lastOfEach(rows: readonly SnapshotRow[]): readonly SnapshotRow[] {
  const last = new Map<string, SnapshotRow>()
  for (const row of rows) {
    const place = JSON.stringify([row.branch, row.tenant, row.stream])
    const known = last.get(place)
    const isEarlier =
      known !== undefined &&
      known.hash === row.hash &&
      known.epoch === row.epoch &&
      known.revision > row.revision
    if (!isEarlier) last.set(place, row)
  }
  return [...last.values()]
}
