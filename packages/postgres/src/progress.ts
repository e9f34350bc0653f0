import type {
  Act,
  Arrangement,
  Beginning,
  Checkpoint,
  Move,
  Partition,
  PartitionKey,
  Progress,
  ProgressCommit,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { arranged } from '@headwater/core/partitions'
import { allSlots } from '@headwater/core/slots'
import { changed, forgottenControls, noted } from './control-calls.ts'
import { type Call, type Database, runAll, type Session } from './database.ts'
import { askedAndAnswered, forgottenParking, parked, unparked, unparkedAfter } from './parking-calls.ts'
import { columnsOf, type PartitionColumns, partitionOf } from './partition-row.ts'
import { forgottenResults, savedResults } from './result-calls.ts'
import { prepared } from './sql.ts'
import type { UserStatements } from './user-statements.ts'
import { documentCalls } from './write-documents.ts'

const sql = prepared('progress')

export class PostgresProgress implements Progress {
  readonly #database: Database
  readonly #statements: UserStatements

  constructor(database: Database, statements: UserStatements) {
    this.#database = database
    this.#statements = statements
  }

  async checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined> {
    const { rows } = await this.#database.run<[string, number, string | null]>(sql('checkpoint'), [
      processor,
      branch,
    ])
    const [row] = rows
    return row && { epoch: row[0], position: row[1], eventId: row[2] }
  }

  async partitions(processor: string, branch: number): Promise<readonly Partition[]> {
    const { rows } = await this.#database.run<PartitionColumns>(sql('partitions'), [processor, branch])
    return rows.map(partitionOf)
  }

  async begin({ processor, branch, ranges, checkpoint }: Beginning): Promise<void> {
    if ((await this.partitions(processor, branch)).length > 0) return
    const partitions = arranged([whole(checkpoint)], ranges)
    await this.#database.transaction(async (session) => {
      const [first, ...others] = partitions
      if (first === undefined || (await insert(session, processor, branch, [first])) === 0) return
      await insert(session, processor, branch, others)
      await runAll(session, [changed(processor, branch, ranges.length)])
    })
  }

  /** @throws HeadwaterError `processor.invalid-partitions` */
  arrange(
    { processor, branch, ranges, expected, declared }: Arrangement,
    act: Act | undefined,
  ): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const partitions = await lock(session, processor, branch)
      if (partitions.length === 0 || !areSame(partitions, expected)) return false
      await replace(session, processor, branch, arranged(partitions, ranges))
      await runAll(session, [
        changed(processor, branch, declared),
        ...(act === undefined ? [] : noted(processor, branch, act)),
      ])
      return true
    })
  }

  move({ processor, branch, to, expected }: Move, act: Act): Promise<boolean> {
    return this.#database.transaction(async (session) => {
      const partitions = await lock(session, processor, branch)
      if (partitions.length === 0 || !areSame(partitions, expected)) return false
      await runAll(session, [
        moved(processor, branch, to),
        unparkedAfter(processor, branch, to.position),
        changed(processor, branch),
        ...noted(processor, branch, act),
      ])
      return true
    })
  }

  async commit(commit: ProgressCommit): Promise<void> {
    const position = await this.#positionOf(commit)
    if (commit.statements === undefined || commit.statements.length === 0)
      return this.#database.batch([...advanced(commit, position), ...handled(commit)])
    const changes = await this.#statements.changes(commit.statements)
    await this.#database.transaction(async (session) => {
      await runAll(session, advanced(commit, position))
      const conflict = await changes.run(session)
      if (conflict !== undefined)
        throw new HeadwaterError('log.statement-conflict', conflict.message, {
          details: { index: conflict.index },
        })
      await runAll(session, handled(commit))
    })
  }

  /** What documents show that don't say: where the processor is afterwards. */
  async #positionOf({
    processor,
    branch,
    partition,
    checkpoint,
    documents,
  }: ProgressCommit): Promise<number> {
    if (checkpoint !== undefined) return checkpoint.position
    if (documents.every(({ position }) => position !== undefined)) return 0
    // Only who holds the lease moves it, and that it is held is seen to by the commit.
    const partitions = await this.partitions(processor, branch)
    const own = partitions.find(({ first }) => first === (partition?.first ?? allSlots.first))
    return own?.checkpoint.position ?? 0
  }

  async reset(processor: string, branch: number): Promise<void> {
    await this.#database.batch([
      { statement: sql('delete-partitions'), values: [processor, branch] },
      ...forgottenParking(processor, branch),
      forgottenResults(processor, branch),
      ...forgottenControls(processor, branch),
    ])
  }
}

/**
 * In a transaction that changes what the processor is: all of its partitions are there from now on, whoever holds their
 * leases.
 */
export async function place(
  session: Session,
  processor: string,
  branch: number,
  checkpoint: Checkpoint,
): Promise<void> {
  const partitions = await lock(session, processor, branch)
  if (partitions.length === 0) await insert(session, processor, branch, [whole(checkpoint)])
  else await runAll(session, [moved(processor, branch, checkpoint)])
  await runAll(session, [changed(processor, branch)])
}

/** Moves the checkpoint and writes the documents, if the lease is held. */
function advanced(commit: ProgressCommit, position: number): readonly Call[] {
  const { processor, branch, lease, partition, checkpoint } = commit
  const place = [partition?.first ?? null, partition?.last ?? null, partition?.generation ?? null]
  const reached = [checkpoint?.epoch ?? null, checkpoint?.position ?? null, checkpoint?.eventId ?? null]
  const by = [lease.name, lease.owner, lease.token]
  return [
    { statement: sql('commit'), values: [processor, branch, ...by, ...place, ...reached] },
    ...documentCalls(commit.documents, position),
  ]
}

/** What became of single events. */
function handled(commit: ProgressCommit): readonly Call[] {
  const { processor, branch, unpark, park, results = [], ask = [], answered = [] } = commit
  return [
    ...unparked(processor, branch, unpark),
    ...parked(park),
    ...savedResults(results),
    ...askedAndAnswered(processor, branch, ask, answered),
  ]
}

async function lock(session: Session, processor: string, branch: number): Promise<readonly Partition[]> {
  const { rows } = await session.run<PartitionColumns>(sql('lock-partitions'), [processor, branch])
  return rows.map(partitionOf)
}

/** Gives how many there were not before. */
async function insert(
  session: Session,
  processor: string,
  branch: number,
  partitions: readonly Partition[],
): Promise<number> {
  const values = [processor, branch, ...columnsOf(partitions)]
  const { count } = await session.run(sql('insert-partitions'), values)
  return count
}

async function replace(
  session: Session,
  processor: string,
  branch: number,
  partitions: readonly Partition[],
): Promise<void> {
  await session.run(sql('delete-partitions'), [processor, branch])
  await insert(session, processor, branch, partitions)
}

function moved(processor: string, branch: number, { epoch, position, eventId }: Checkpoint): Call {
  return { statement: sql('move-partitions'), values: [processor, branch, epoch, position, eventId] }
}

function whole(checkpoint: Checkpoint): Partition {
  return { ...allSlots, generation: 1, checkpoint, ahead: [] }
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
