import { HeadwaterError } from '../../message/errors.ts'
import type { Act } from '../controls.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { arranged, type Partition } from '../partitions.ts'
import type { Arrangement, Beginning, Move, Progress, ProgressCommit } from '../progress.ts'
import { allSlots, isWhole } from '../slots.ts'
import type { MemoryDocuments } from './documents.ts'
import type { Gate } from './gate.ts'
import type { MemoryLeases } from './leases.ts'
import { noSql } from './no-sql.ts'
import { isSame, type MemoryProcessor, type MemoryProcessors } from './processors.ts'

export class MemoryProgress implements Progress {
  readonly #gate: Gate
  readonly #leases: MemoryLeases
  readonly #documents: MemoryDocuments
  readonly #processors: MemoryProcessors

  constructor(gate: Gate, leases: MemoryLeases, documents: MemoryDocuments, processors: MemoryProcessors) {
    this.#gate = gate
    this.#leases = leases
    this.#documents = documents
    this.#processors = processors
  }

  async checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined> {
    const partitions = await this.partitions(processor, branch)
    return partitions
      .map(({ checkpoint }) => checkpoint)
      .reduce<Checkpoint | undefined>(
        (one, other) => (one && one.position <= other.position ? one : other),
        undefined,
      )
  }

  async partitions(processor: string, branch: number): Promise<readonly Partition[]> {
    await this.#gate.pass()
    return this.#processors.of(processor, branch).partitions
  }

  async begin({ processor: name, branch, ranges, checkpoint }: Beginning): Promise<void> {
    await this.#gate.pass()
    const processor = this.#processors.of(name, branch)
    if (processor.partitions.length > 0) return
    processor.partitions = arranged([whole(checkpoint)], ranges)
    processor.declared = ranges.length
    processor.changes += 1
  }

  async arrange(
    { processor: name, branch, ranges, expected, declared }: Arrangement,
    act: Act | undefined,
  ): Promise<boolean> {
    await this.#gate.pass()
    const processor = this.#processors.of(name, branch)
    if (expected.length === 0 || !processor.arePartitions(expected)) return false
    processor.partitions = arranged(processor.partitions, ranges)
    processor.declared = declared ?? processor.declared
    if (act === undefined) processor.changes += 1
    else this.#processors.note(processor, act)
    return true
  }

  async move({ processor: name, branch, to, expected }: Move, act: Act): Promise<boolean> {
    await this.#gate.pass()
    const processor = this.#processors.of(name, branch)
    if (expected.length === 0 || !processor.arePartitions(expected)) return false
    processor.partitions = processor.partitions.map((partition) => placed(partition, to))
    processor.parked.forgetAfter(to.position)
    this.#processors.note(processor, act)
    return true
  }

  async commit(commit: ProgressCommit): Promise<void> {
    await this.#gate.pass()
    const processor = this.#processors.of(commit.processor, commit.branch)
    this.#check(commit, processor)
    const at = this.#advance(commit, processor)
    for (const write of commit.documents) this.#documents.write(write, at)
    for (const { position, ...key } of commit.unpark) processor.parked.removeAt(key, position)
    for (const event of commit.park) processor.parked.put(event)
    for (const result of commit.results ?? [])
      this.#processors.of(result.processor, result.branch).keep(result)
    for (const key of commit.answered ?? []) processor.parked.answer(key)
    for (const key of commit.ask ?? []) processor.parked.ask(key)
    if (commit.ask !== undefined && commit.ask.length > 0) processor.changes += 1
  }

  async reset(processor: string, branch: number): Promise<void> {
    await this.#gate.pass()
    this.#processors.forget(processor, branch)
  }

  /** Within a change of the views' versions. */
  place(name: string, branch: number, checkpoint: Checkpoint): void {
    const processor = this.#processors.of(name, branch)
    const { partitions } = processor
    processor.partitions =
      partitions.length === 0 ? [whole(checkpoint)] : partitions.map((one) => placed(one, checkpoint))
    processor.changes += 1
  }

  /** Gives the position that documents show where they don't say themselves. */
  #advance({ partition: key, checkpoint }: ProgressCommit, processor: MemoryProcessor): number {
    const partition = processor.partitions.find((known) => key === undefined || isSame(known, key))
    if (checkpoint === undefined) return partition?.checkpoint.position ?? 0
    processor.partitions =
      partition === undefined
        ? [whole(checkpoint)]
        : processor.partitions.map((known) => (known === partition ? { ...known, checkpoint } : known))
    return checkpoint.position
  }

  #check(
    { lease, partition, unpark, documents, statements }: ProgressCommit,
    processor: MemoryProcessor,
  ): void {
    const isCurrent =
      partition === undefined
        ? processor.partitions.every(isWhole)
        : processor.partitions.some((known) => isSame(known, partition))
    if (!this.#leases.isHeld(lease) || !isCurrent) {
      throw new HeadwaterError('processor.fenced', `${lease.owner} does not hold ${lease.name} any more`, {
        details: { ...lease },
      })
    }
    if (statements !== undefined && statements.length > 0) throw noSql()
    for (const { position, edits, ...key } of unpark) {
      if (edits !== undefined && processor.parked.get(key, position)?.edits !== edits)
        throw new HeadwaterError(
          'processor.conflict',
          `The parked event ${position} of ${key.sequence} was changed since it was read`,
        )
    }
    const stale = documents.find((write) => !this.#documents.isAsExpected(write))
    if (stale !== undefined) {
      throw new HeadwaterError(
        'log.document-conflict',
        `${stale.collection}/${stale.key} was changed since it was read`,
        {
          details: { collection: stale.collection, key: stale.key },
        },
      )
    }
  }
}

function placed({ first, last, generation }: Partition, checkpoint: Checkpoint): Partition {
  return { first, last, generation: generation + 1, checkpoint, ahead: [] }
}

function whole(checkpoint: Checkpoint): Partition {
  return { ...allSlots, generation: 1, checkpoint, ahead: [] }
}
