import type {
  Act,
  Arrangement,
  Beginning,
  Checkpoint,
  Move,
  Partition,
  PartitionKey,
  ProgressCommit,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { arranged } from '@headwater/core/partitions'
import { allSlots } from '@headwater/core/slots'
import type { Database, Statement } from '../database.ts'
import { columnsOf, type PartitionColumns, partitionOf } from '../partition-row.ts'
import { statementsOf } from '../sql.ts'
import type { ControlWriter } from './controls.ts'
import type { DocumentWriter } from './documents.ts'
import type { LeaseWriter } from './leases.ts'
import type { ParkingWriter } from './parking.ts'
import type { ResultWriter } from './results.ts'
import type { UserSqlWriter } from './user-sql.ts'

const sql = statementsOf('progress')

/** The others that write what a processor has done. */
export interface ProgressParts {
  readonly documents: DocumentWriter
  readonly userSql: UserSqlWriter
  readonly leases: LeaseWriter
  readonly parking: ParkingWriter
  readonly results: ResultWriter
  readonly controls: ControlWriter
}

/** How far processors have come, in the transaction that is open. */
export class ProgressWriter {
  readonly #parts: ProgressParts
  readonly #partitions: Statement<[string, number], PartitionColumns>
  readonly #insertPartition: Statement
  readonly #deletePartitions: Statement
  readonly #position: Statement<[string, number, number, number, number], number>
  readonly #saveCheckpoint: Statement
  readonly #onlyPosition: Statement<[string, number], [number, number]>
  readonly #saveOnlyCheckpoint: Statement

  constructor(database: Database, parts: ProgressParts) {
    this.#parts = parts
    this.#partitions = database.prepare<[string, number], PartitionColumns>(sql('partitions')).raw()
    this.#insertPartition = database.prepare(sql('insert-partition'))
    this.#deletePartitions = database.prepare(sql('delete-partitions'))
    this.#position = database
      .prepare<[string, number, number, number, number], number>(sql('position'))
      .pluck()
    this.#saveCheckpoint = database.prepare(sql('save-checkpoint'))
    this.#onlyPosition = database.prepare<[string, number], [number, number]>(sql('only-position')).raw()
    this.#saveOnlyCheckpoint = database.prepare(sql('save-only-checkpoint'))
  }

  begin({ processor, branch, ranges, checkpoint }: Beginning): void {
    if (this.#read(processor, branch).length > 0) return
    this.#write(processor, branch, arranged([whole(checkpoint)], ranges))
    this.#parts.controls.change(processor, branch)
    this.#parts.controls.declare(processor, branch, ranges.length)
  }

  /** @throws HeadwaterError `processor.invalid-partitions` */
  arrange({ processor, branch, ranges, expected, declared }: Arrangement, act: Act | undefined): boolean {
    const partitions = this.#read(processor, branch)
    if (partitions.length === 0 || !areSame(partitions, expected)) return false
    this.#write(processor, branch, arranged(partitions, ranges))
    const { controls } = this.#parts
    if (act === undefined) controls.change(processor, branch)
    else controls.note(processor, branch, act)
    if (declared !== undefined) controls.declare(processor, branch, declared)
    return true
  }

  move({ processor, branch, to, expected }: Move, act: Act): boolean {
    const partitions = this.#read(processor, branch)
    if (partitions.length === 0 || !areSame(partitions, expected)) return false
    this.#write(
      processor,
      branch,
      partitions.map((partition) => placed(partition, to)),
    )
    this.#parts.parking.unparkAfter(processor, branch, to.position)
    this.#parts.controls.note(processor, branch, act)
    return true
  }

  /** All of its partitions are there from now on, whoever holds their leases. */
  place(processor: string, branch: number, checkpoint: Checkpoint): void {
    const partitions = this.#read(processor, branch)
    const moved = partitions.map((partition) => placed(partition, checkpoint))
    this.#write(processor, branch, moved.length === 0 ? [whole(checkpoint)] : moved)
    this.#parts.controls.change(processor, branch)
  }

  /**
   * Whoever calls it undoes the transaction, or a savepoint, where it throws.
   *
   * @throws HeadwaterError `processor.fenced`, `processor.conflict`, `log.document-conflict`, `log.statement-conflict`,
   *   `sql.refused`, `sql.failed`
   */
  commit(commit: ProgressCommit): void {
    const { processor, branch, documents, statements } = commit
    const { parking, results } = this.#parts
    const position = this.#advance(commit)
    const conflict = this.#parts.documents.writeAll(documents, position)
    if (conflict !== undefined) {
      const { collection, key } = conflict
      throw new HeadwaterError(
        'log.document-conflict',
        `Document ${key} of ${collection} is at another version`,
      )
    }
    if (statements !== undefined) this.#run(statements)
    for (const unpark of commit.unpark) parking.unpark(processor, branch, unpark)
    for (const event of commit.park) parking.park(event)
    for (const result of commit.results ?? []) results.save(result)
    parking.askAndAnswer(processor, branch, commit.ask ?? [], commit.answered ?? [])
  }

  reset(processor: string, branch: number): void {
    this.#deletePartitions.run(processor, branch)
    this.#parts.parking.forget(processor, branch)
    this.#parts.results.forget(processor, branch)
    this.#parts.controls.forget(processor, branch)
  }

  /** Gives the position that the processor has then. @throws HeadwaterError `processor.fenced` */
  #advance(commit: ProgressCommit): number {
    const { lease, partition } = commit
    this.#parts.leases.require(lease)
    const position =
      partition === undefined ? this.#advanceOnly(commit) : this.#advancePartition(commit, partition)
    if (position !== undefined) return position
    throw new HeadwaterError(
      'processor.fenced',
      `${lease.owner} does not hold the lease ${lease.name} any more`,
    )
  }

  /** Undefined: the partition was cut anew or moved. */
  #advancePartition(
    { processor, branch, checkpoint }: ProgressCommit,
    partition: PartitionKey,
  ): number | undefined {
    const { first, last, generation } = partition
    if (checkpoint === undefined) return this.#position.get(processor, branch, first, last, generation)
    const { epoch, position, eventId } = checkpoint
    const place = [processor, branch, first, last, generation]
    const { changes } = this.#saveCheckpoint.run(epoch, position, eventId, ...place)
    return changes === 1 ? position : undefined
  }

  /** Undefined: the processor is divided. */
  #advanceOnly({ processor, branch, checkpoint }: ProgressCommit): number | undefined {
    if (checkpoint === undefined) {
      const [position, last] = this.#onlyPosition.get(processor, branch) ?? [0, allSlots.last]
      return last === allSlots.last ? position : undefined
    }
    const { epoch, position, eventId } = checkpoint
    const { changes } = this.#saveOnlyCheckpoint.run(processor, branch, epoch, position, eventId)
    return changes === 1 ? position : undefined
  }

  #run(statements: NonNullable<ProgressCommit['statements']>): void {
    const conflict = this.#parts.userSql.run(statements)
    if (conflict === undefined) return
    throw new HeadwaterError('log.statement-conflict', conflict.message, {
      details: { index: conflict.index },
    })
  }

  #read(processor: string, branch: number): readonly Partition[] {
    return this.#partitions.all(processor, branch).map(partitionOf)
  }

  #write(processor: string, branch: number, partitions: readonly Partition[]): void {
    this.#deletePartitions.run(processor, branch)
    for (const partition of partitions) this.#insertPartition.run(processor, branch, ...columnsOf(partition))
  }
}

function whole(checkpoint: Checkpoint): Partition {
  return { ...allSlots, generation: 1, checkpoint, ahead: [] }
}

function placed({ first, last, generation }: Partition, checkpoint: Checkpoint): Partition {
  return { first, last, generation: generation + 1, checkpoint, ahead: [] }
}

function areSame(partitions: readonly Partition[], expected: readonly PartitionKey[]): boolean {
  return (
    partitions.length === expected.length &&
    partitions.every((partition, index) => {
      const key = expected[index]
      return (
        partition.first === key?.first &&
        partition.last === key.last &&
        partition.generation === key.generation
      )
    })
  )
}
