import { HeadwaterError } from '../message/errors.ts'
import type { Checkpoint } from './checkpoint.ts'
import { holds, type SlotRange, slotCount } from './slots.ts'

/** Slots and how far their events are processed. */
export interface Progressed extends SlotRange {
  readonly checkpoint: Checkpoint
}

/** What a commit names: one for a partition that was cut anew or moved since is fenced. */
export interface PartitionKey extends SlotRange {
  readonly generation: number
}

/** A part of a processor's keys, with a checkpoint of its own. */
export interface Partition extends PartitionKey, Progressed {
  /** Slots of it that are further on than its checkpoint, as a merge left them: their events up to there are done. */
  readonly ahead: readonly Progressed[]
}

/** A processor may have so many. */
export const mostPartitions = 1_024

/**
 * The partitions after their slots were cut anew: how far each slot has come stays as it is, and a partition whose range
 * stays is left alone.
 *
 * @throws HeadwaterError `processor.invalid-partitions` if the ranges don't hold every slot once, in order
 */
export function arranged(
  partitions: readonly Partition[],
  ranges: readonly SlotRange[],
): readonly Partition[] {
  checkRanges(ranges)
  const pieces = partitions.flatMap(piecesOf)
  const generation = 1 + Math.max(0, ...partitions.map((partition) => partition.generation))
  return ranges.map((range) => {
    const same = partitions.find(({ first, last }) => first === range.first && last === range.last)
    return same ?? joined(range, pieces, generation)
  })
}

/** @throws HeadwaterError `app.invalid` */
export function checkPartitionCount(what: string, count = 1): number {
  if (Number.isInteger(count) && count >= 1 && count <= mostPartitions) return count
  throw new HeadwaterError('app.invalid', `${what} has from 1 to ${mostPartitions} partitions, not ${count}`)
}

/** How far the events of a slot are processed. */
export function reachedBy({ checkpoint, ahead }: Partition, slot: number): Checkpoint {
  const further = ahead.find((part) => holds(part, slot))
  return further !== undefined && further.checkpoint.position > checkpoint.position
    ? further.checkpoint
    : checkpoint
}

/** @throws HeadwaterError `processor.invalid-partitions` */
function checkRanges(ranges: readonly SlotRange[]): void {
  let next = 0
  for (const { first, last } of ranges) {
    if (first !== next || last < first) throw invalid(ranges)
    next = last + 1
  }
  if (next !== slotCount || ranges.length > mostPartitions) throw invalid(ranges)
}

function invalid(ranges: readonly SlotRange[]): HeadwaterError {
  return new HeadwaterError(
    'processor.invalid-partitions',
    `These are not from 1 to ${mostPartitions} partitions that hold every slot once`,
    { details: { ranges } },
  )
}

/** A partition as ranges of slots that have come equally far. */
export function piecesOf({ first, last, checkpoint, ahead }: Partition): readonly Progressed[] {
  const pieces: Progressed[] = []
  let next = first
  for (const part of ahead.toSorted((one, other) => one.first - other.first)) {
    if (part.checkpoint.position <= checkpoint.position) continue
    if (part.first > next) pieces.push({ first: next, last: part.first - 1, checkpoint })
    pieces.push(part)
    next = part.last + 1
  }
  if (next <= last) pieces.push({ first: next, last, checkpoint })
  return pieces
}

function joined(range: SlotRange, pieces: readonly Progressed[], generation: number): Partition {
  const own = pieces.flatMap(({ first, last, checkpoint }) => {
    const part = { first: Math.max(first, range.first), last: Math.min(last, range.last), checkpoint }
    return part.first <= part.last ? [part] : []
  })
  const furthestBehind = own.reduce((one, other) =>
    other.checkpoint.position < one.checkpoint.position ? other : one,
  )
  const { checkpoint } = furthestBehind
  const ahead = own.filter((part) => part.checkpoint.position > checkpoint.position)
  return { ...range, generation, checkpoint, ahead: merged(ahead) }
}

/** Neighbours that have come equally far are one. */
function merged(parts: readonly Progressed[]): readonly Progressed[] {
  const result: Progressed[] = []
  for (const part of parts) {
    const before = result.at(-1)
    const isNeighbour =
      before?.last === part.first - 1 && before.checkpoint.position === part.checkpoint.position
    if (isNeighbour) result[result.length - 1] = { ...before, last: part.last }
    else result.push(part)
  }
  return result
}
