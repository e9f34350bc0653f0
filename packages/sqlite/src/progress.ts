import type {
  Act,
  Arrangement,
  Beginning,
  Checkpoint,
  Move,
  Partition,
  Progress,
  ProgressCommit,
} from '@headwater/core'
import type { Statement } from './database.ts'
import { type PartitionColumns, partitionOf } from './partition-row.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('progress')

interface CheckpointColumns {
  readonly epoch: string
  readonly position: number
  readonly event_id: string | null
}

export class SqliteProgress implements Progress {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #checkpoint: Statement<[string, number], CheckpointColumns>
  readonly #partitions: Statement<[string, number], PartitionColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#checkpoint = reader.database.prepare(sql('checkpoint'))
    this.#partitions = reader.database.prepare<[string, number], PartitionColumns>(sql('partitions')).raw()
  }

  checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined> {
    return this.#reader.read(() => {
      const columns = this.#checkpoint.get(processor, branch)
      return columns && { epoch: columns.epoch, position: columns.position, eventId: columns.event_id }
    })
  }

  partitions(processor: string, branch: number): Promise<readonly Partition[]> {
    return this.#reader.read(() => this.#partitions.all(processor, branch).map(partitionOf))
  }

  begin(beginning: Beginning): Promise<void> {
    return this.#writer.perform('beginProcessor', beginning)
  }

  arrange(arrangement: Arrangement, act: Act | undefined): Promise<boolean> {
    return this.#writer.perform('arrangeProcessor', arrangement, act)
  }

  move(move: Move, act: Act): Promise<boolean> {
    return this.#writer.perform('moveProcessor', move, act)
  }

  commit(commit: ProgressCommit): Promise<void> {
    return this.#writer.perform('commitProgress', commit)
  }

  reset(processor: string, branch: number): Promise<void> {
    return this.#writer.perform('resetProgress', processor, branch)
  }
}
