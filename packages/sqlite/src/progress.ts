import type { Checkpoint, ParkedEvent, ParkedQuery, Progress, ProgressCommit } from '@headwater/core'
import type { Statement } from './database.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('progress')

interface CheckpointColumns {
  readonly epoch: string
  readonly position: number
  readonly event_id: string | null
}

interface ParkedColumns extends Omit<ParkedEvent, 'parkedAt'> {
  readonly parked_at: number
}

type ParkedParameters = [string | null, number, string | null, string | null, number]

export class SqliteProgress implements Progress {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #checkpoint: Statement<[string, number], CheckpointColumns>
  readonly #parked: Statement<ParkedParameters, ParkedColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#checkpoint = reader.database.prepare(sql('checkpoint'))
    this.#parked = reader.database.prepare(sql('parked'))
  }

  checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined> {
    return this.#reader.read(() => {
      const columns = this.#checkpoint.get(processor, branch)
      return columns && { epoch: columns.epoch, position: columns.position, eventId: columns.event_id }
    })
  }

  commit(commit: ProgressCommit): Promise<void> {
    return this.#writer.perform('commitProgress', commit)
  }

  parked({ processor, branch, tenant, sequence, limit }: ParkedQuery): Promise<readonly ParkedEvent[]> {
    return this.#reader.read(() =>
      this.#parked
        .all(processor ?? null, branch, tenant ?? null, sequence ?? null, limit)
        .map(({ parked_at, ...rest }) => ({ ...rest, parkedAt: parked_at })),
    )
  }

  reset(processor: string, branch: number): Promise<void> {
    return this.#writer.perform('resetProgress', processor, branch)
  }
}
