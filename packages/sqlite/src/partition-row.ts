import type { Partition, Progressed } from '@headwater/core'

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

export function columnsOf({ first, last, generation, checkpoint, ahead }: Partition): PartitionColumns {
  const { epoch, position, eventId } = checkpoint
  return [
    first,
    last,
    generation,
    epoch,
    position,
    eventId,
    ahead.length === 0 ? null : JSON.stringify(ahead),
  ]
}
