import type { Encoded } from '../message/codec.ts'
import type { Lease } from './leases.ts'

/**
 * Snapshots of memory images, in parts: what a large image holds is written bit by bit and becomes its snapshot at once.
 * A snapshot is a sequence of generations, each of which overlays the ones before; a generation that is in no snapshot
 * doesn't count and may be pruned.
 */
export interface Images {
  /** The last snapshot that was published. */
  find(image: string, branch: number): Promise<ImageHead | undefined>
  /** Parts of one generation in the order of their numbers. */
  parts(query: ImagePartsQuery): Promise<readonly ImagePart[]>
  /** Adds parts to a generation that is not published. */
  add(parts: readonly ImagePart[]): Promise<void>
  /**
   * Makes these generations the image's snapshot, in place of whatever it was.
   *
   * @throws HeadwaterError `processor.fenced` if the lease is not held any more; then nothing was changed
   */
  publish(head: ImageHead, lease: Lease): Promise<void>
  /** Deletes parts that are not of these generations, at most so many; gives how many. */
  prune(image: string, branch: number, keep: readonly string[], limit: number): Promise<number>
  /** Forgets the snapshot; its parts are left to `prune`. */
  drop(image: string, branch: number): Promise<void>
}

export interface ImageHead {
  readonly image: string
  readonly branch: number
  /** Of the code that folded it. */
  readonly hash: string
  readonly epoch: string
  /** Everything up to here is in it, and nothing beyond. */
  readonly position: number
  /** The id of the event at the position. */
  readonly eventId: string
  /** In the order in which they overlay each other. */
  readonly generations: readonly ImageGeneration[]
  /** Epoch milliseconds. */
  readonly takenAt: number
}

export interface ImageGeneration {
  readonly id: string
  /** How many there are, numbered from 1: a reader that finds fewer reads what somebody is replacing. */
  readonly parts: number
  readonly entries: number
}

export interface ImagePart {
  readonly image: string
  readonly branch: number
  readonly generation: string
  readonly number: number
  readonly tenant: string
  /** Which of the image's tables it belongs to. */
  readonly table: string
  readonly data: Encoded
}

export interface ImagePartsQuery {
  readonly image: string
  readonly branch: number
  readonly generation: string
  /** Numbers above this one. */
  readonly after: number
  readonly limit: number
}
