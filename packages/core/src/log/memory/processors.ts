import type { Act, ActRow, Intervention, Reprocessing } from '../controls.ts'
import type { Partition, PartitionKey } from '../partitions.ts'
import type { ProcessingResult } from '../results.ts'
import { ParkedSequences } from './parked.ts'

/** All that the store keeps of one processor on one branch. */
export class MemoryProcessor {
  partitions: readonly Partition[] = []
  parked = new ParkedSequences()
  /** By position, then by tenant and sequence. */
  results = new Map<string, ProcessingResult>()
  paused: Intervention | undefined
  declared: number | undefined
  /** 0: nothing was ever said about it. */
  changes = 0
  acts: ActRow[] = []
  readonly name: string
  readonly branch: number

  constructor(name: string, branch: number) {
    this.name = name
    this.branch = branch
  }

  /** @param sequence counts the acts of all processors */
  note(act: Act, sequence: number): void {
    this.changes += 1
    this.acts.push(Object.freeze({ ...act, processor: this.name, sequence }))
  }

  arePartitions(expected: readonly PartitionKey[]): boolean {
    return (
      expected.length === this.partitions.length &&
      this.partitions.every((partition, index) => isSame(partition, expected[index]))
    )
  }

  keep(result: ProcessingResult): void {
    const { position, tenant, sequence } = result
    this.results.set(JSON.stringify([position, tenant, sequence]), Object.freeze({ ...result }))
  }
}

export function isSame(partition: PartitionKey, key: PartitionKey | undefined): boolean {
  return (
    partition.first === key?.first && partition.last === key.last && partition.generation === key.generation
  )
}

/** The processors that a store has heard of, and the jobs that were asked for. */
export class MemoryProcessors {
  readonly #processors = new Map<string, MemoryProcessor>()
  /** By branch and id. */
  readonly jobs = new Map<string, Reprocessing>()
  #acts = 0

  of(name: string, branch: number): MemoryProcessor {
    const key = JSON.stringify([name, branch])
    let processor = this.#processors.get(key)
    if (processor === undefined) this.#processors.set(key, (processor = new MemoryProcessor(name, branch)))
    return processor
  }

  all(branch: number): readonly MemoryProcessor[] {
    return [...this.#processors.values()].filter((processor) => processor.branch === branch)
  }

  note(processor: MemoryProcessor, act: Act): void {
    processor.note(act, ++this.#acts)
  }

  forget(name: string, branch: number): void {
    this.#processors.delete(JSON.stringify([name, branch]))
    for (const [key, job] of this.jobs)
      if (job.processor === name && job.branch === branch) this.jobs.delete(key)
  }
}
