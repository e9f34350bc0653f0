import { HeadwaterError } from '../../message/errors.ts'
import type { Checkpoint, ParkedEvent, ParkedQuery, Progress, ProgressCommit } from '../store.ts'
import type { MemoryDocuments } from './documents.ts'
import type { Gate } from './gate.ts'
import type { MemoryLeases } from './leases.ts'

export class MemoryProgress implements Progress {
  readonly #gate: Gate
  readonly #leases: MemoryLeases
  readonly #documents: MemoryDocuments
  readonly #checkpoints = new Map<string, Checkpoint>()
  readonly #parked = new Map<string, ParkedEvent>()

  constructor(gate: Gate, leases: MemoryLeases, documents: MemoryDocuments) {
    this.#gate = gate
    this.#leases = leases
    this.#documents = documents
  }

  async checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined> {
    await this.#gate.pass()
    return this.#checkpoints.get(JSON.stringify([processor, branch]))
  }

  async commit(commit: ProgressCommit): Promise<void> {
    await this.#gate.pass()
    this.#check(commit)
    const { processor, branch, checkpoint } = commit
    const shown =
      checkpoint?.position ?? this.#checkpoints.get(JSON.stringify([processor, branch]))?.position ?? 0
    if (checkpoint !== undefined) this.#checkpoints.set(JSON.stringify([processor, branch]), checkpoint)
    for (const write of commit.documents) this.#documents.write(write, shown)
    for (const { tenant, sequence, position } of commit.unpark) {
      this.#parked.delete(placeOf({ processor, branch, tenant, sequence, position }))
    }
    for (const event of commit.park) this.#parked.set(placeOf(event), event)
  }

  async parked({ processor, branch, tenant, sequence, limit }: ParkedQuery): Promise<ParkedEvent[]> {
    await this.#gate.pass()
    return [...this.#parked.values()]
      .filter((event) => event.branch === branch)
      .filter((event) => processor === undefined || event.processor === processor)
      .filter((event) => tenant === undefined || event.tenant === tenant)
      .filter((event) => sequence === undefined || event.sequence === sequence)
      .sort((one, other) => one.position - other.position)
      .slice(0, limit)
  }

  async reset(processor: string, branch: number): Promise<void> {
    await this.#gate.pass()
    this.#checkpoints.delete(JSON.stringify([processor, branch]))
    for (const [place, event] of this.#parked) {
      if (event.processor === processor && event.branch === branch) this.#parked.delete(place)
    }
  }

  #check({ lease, documents }: ProgressCommit): void {
    if (!this.#leases.isHeld(lease)) {
      throw new HeadwaterError('processor.fenced', `${lease.owner} does not hold ${lease.name} any more`, {
        details: { ...lease },
      })
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

type Place = Pick<ParkedEvent, 'processor' | 'branch' | 'tenant' | 'sequence' | 'position'>

function placeOf({ processor, branch, tenant, sequence, position }: Place): string {
  return JSON.stringify([processor, branch, tenant, sequence, position])
}
