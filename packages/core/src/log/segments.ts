import type { EventRow } from './port.ts'

/**
 * What is kept of the sealed parts of main: the log is cut into segments of successive positions, numbered from 1. Each has
 * a hash of its events and of the hash before, so that none can be changed, left out or swapped unnoticed.
 */
export interface Segments {
  /** In the order of their numbers. */
  list(query: SegmentsQuery): Promise<readonly SegmentRow[]>
  /** Records a seal. @returns false: there is one of this number; nothing was changed */
  seal(segment: SealedSegment): Promise<boolean>
  /** Undefined: the store can't detach, and what needs it fails with `segment.unsupported`. */
  readonly detaching?: Detaching
}

export interface SegmentsQuery {
  /** Numbers above this one. */
  readonly after: number
  readonly limit: number
}

export interface SealedSegment {
  readonly number: number
  /** The positions of its first and last event. */
  readonly first: number
  readonly last: number
  /** SHA-256 in hexadecimal. */
  readonly hash: string
  /** Epoch milliseconds. */
  readonly sealedAt: number
}

/** Where the events of a segment are: in the log, in a file, or on the way from one to the other. */
export type SegmentState = 'attached' | 'detaching' | 'detached' | 'attaching'

export interface SegmentRow extends SealedSegment {
  readonly state: SegmentState
  /** The file that holds its events; null: there is none. */
  readonly file: string | null
}

/**
 * Moves the events of a sealed segment out of the log and back. While a segment is not attached, every read that would need
 * its events fails with `segment.detached`; appends go on, also to streams that have events in it, and so do reads of what
 * comes after it. Streams and tenants are listed as before: the last event of each stream in the segment stays.
 */
export interface Detaching {
  /** What could still need the events: processors and images that stand before its end, branches that begin in it, … */
  needs(segment: SealedSegment): Promise<readonly SegmentNeed[]>
  /** From attached to detaching. @returns false: it is not attached, or something needs it; nothing was changed */
  begin(segment: SealedSegment, file: string): Promise<boolean>
  /** Removes what need not stay of the events after a position and up to another, while it is being detached. */
  remove(number: number, after: number, to: number): Promise<void>
  /** From detaching to detached. @returns false: it is not being detached; nothing was changed */
  end(number: number): Promise<boolean>
  /** From whatever it is to attaching. @returns false: it is attached; nothing was changed */
  bringBack(number: number): Promise<boolean>
  /** Puts back those events that are not there, while it is being attached. */
  put(number: number, events: readonly EventRow[]): Promise<void>
  /** From attaching to attached. @returns false: it is not being attached, or events are missing; nothing was changed */
  attach(number: number): Promise<boolean>
}

export interface SegmentNeed {
  readonly kind: 'processor' | 'parked event' | 'memory image' | 'branch'
  readonly name: string
  /** How far it is. */
  readonly position: number
}
