import type {
  SnapshotRow,
  Snapshots,
  SnapshotsQuery,
  SnapshotsToDrop,
  SnapshotSummary,
} from '@headwater/core'
import type { Statement } from './database.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('snapshots')

type Columns = [
  revision: number,
  hash: string,
  epoch: string,
  eventId: string,
  takenAt: number,
  state: string | Buffer,
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

export class SqliteSnapshots implements Snapshots {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #find: Statement<[number, string, string], Columns>
  readonly #list: Statement<unknown[], SummaryColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#find = reader.database.prepare<[number, string, string], Columns>(sql('find')).raw()
    this.#list = reader.database.prepare<unknown[], SummaryColumns>(sql('list')).raw()
  }

  find(branch: number, tenant: string, stream: string): Promise<SnapshotRow | undefined> {
    return this.#reader.read(() => {
      const columns = this.#find.get(branch, tenant, stream)
      if (columns === undefined) return undefined
      const [revision, hash, epoch, eventId, takenAt, state] = columns
      return { branch, tenant, stream, revision, hash, epoch, eventId, takenAt, state: encoded(state) }
    })
  }

  save(rows: readonly SnapshotRow[]): Promise<void> {
    return this.#writer.perform('saveSnapshots', rows)
  }

  list({ branch, tenant, prefix, after, limit }: SnapshotsQuery): Promise<readonly SnapshotSummary[]> {
    return this.#reader.read(() =>
      this.#list
        .all({
          branch,
          tenant: tenant ?? null,
          prefix,
          afterTenant: after?.tenant ?? '',
          afterStream: after?.stream ?? '',
          limit,
        })
        .map((columns) => ({
          branch,
          tenant: columns[0],
          stream: columns[1],
          revision: columns[2],
          hash: columns[3],
          epoch: columns[4],
          eventId: columns[5],
          takenAt: columns[6],
          size: columns[7],
        })),
    )
  }

  drop(which: SnapshotsToDrop): Promise<number> {
    return this.#writer.perform('dropSnapshots', which)
  }
}
