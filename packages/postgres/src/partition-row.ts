import type { Partition, Progressed } from '@headwater/core'
import type { Value } from './database.ts'

export type PartitionColumns = [
  first: number,
  last: number,
  generation: number,
  epoch: string,
  position: number,
  eventId: string | null,
  ahead: string | null,
]

export function partitionOf(columns: PartitionColumns): Partition {
  const [first, last, generation, epoch, position, eventId, ahead] = columns
  return {
    first,
    last,
    generation,
    checkpoint: { epoch, position, eventId },
    ahead: ahead === null ? [] : (JSON.parse(ahead) as readonly Progressed[]),
  }
}

/** The rows as one array for each column. */
export function columnsOf(partitions: readonly Partition[]): readonly Value[] {
  return [
    partitions.map(({ first }) => first),
    partitions.map(({ last }) => last),
    partitions.map(({ generation }) => generation),
    partitions.map(({ checkpoint }) => checkpoint.epoch),
    partitions.map(({ checkpoint }) => checkpoint.position),
    partitions.map(({ checkpoint }) => checkpoint.eventId),
    partitions.map(({ ahead }) => (ahead.length === 0 ? null : JSON.stringify(ahead))),
  ]
}
