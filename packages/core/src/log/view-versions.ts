import type { Checkpoint } from './checkpoint.ts'
import type { Lease } from './leases.ts'

/**
 * Which versions of each view's documents there are, and which of them is read: what all processes on a store agree on.
 *
 * - Every change is made from the last one: of two that are made from the same, one is refused.
 * - A change gives a new generation. An append that was prepared for another generation is refused, so no process writes
 *   into a version that another one has replaced, and none appends past a version that is about to be switched to.
 * - A change is seen by all processes within a moment.
 */
export interface ViewVersions {
  /** All versions of a branch, in the order of view and version, and the generation that they are of. */
  read(branch: number): Promise<ViewGeneration>
  /** All of it or nothing, in one transaction. */
  change(change: ViewVersionsChange): Promise<ViewVersionsChanged>
  /** Calls back when versions may have been changed, by this or another process. */
  onChanged(listener: () => void): () => void
}

export interface ViewGeneration {
  /** Rises with every change; 0: there was none yet. */
  readonly generation: number
  readonly versions: readonly ViewVersion[]
}

/**
 * - `building`: it catches up with the log, beside the one that is read.
 * - `current`: it is read, and brought up to date.
 * - `retired`: another one took its place; it stands still, and can be switched back to until it is dropped.
 * - `failed`: building it was given up; its documents are dropped, or will be.
 */
export type ViewVersionState = 'building' | 'current' | 'retired' | 'failed'

/** One version of a view: a collection of documents that one state of the code has made. */
export interface ViewVersion {
  readonly view: string
  /** From 1; no number is given twice. */
  readonly version: number
  readonly state: ViewVersionState
  /** Where its documents are. */
  readonly collection: string
  /** By this name the store knows the processor that feeds or has fed it. */
  readonly processor: string
  /** Fed by a processor, or in the append's own transaction. */
  readonly lifecycle: 'async' | 'inline'
  /** Tells apart which code made the documents; empty: it is not known. */
  readonly code: string
  /** The event types that it folds. */
  readonly types: readonly string[]
  /** What it was begun with, as JSON. */
  readonly options: string
  /** The process that made it. */
  readonly madeBy: string
  /** Epoch milliseconds. */
  readonly madeAt: number
  /** Of its state. Epoch milliseconds. */
  readonly changedAt: number
  /** Why it failed. */
  readonly reason: string | null
  /** Until then, in epoch milliseconds, appends of its types wait for it to take over; null: they don't. */
  readonly fencedUntil: number | null
}

export interface ViewVersionsChange {
  readonly branch: number
  /** The generation that it was made from. */
  readonly expected: number
  /** New ones, and those that replace what is known of a version. */
  readonly put: readonly ViewVersion[]
  readonly remove: readonly Pick<ViewVersion, 'view' | 'version'>[]
  /** Refuses the change if the lease is not held any more. */
  readonly lease?: Lease
  /** Refuses the change if events of these types, of whatever tenant, were recorded after a position. */
  readonly unlessEvents?: { readonly types: readonly string[]; readonly after: number }
  /** Where a processor stands from now on, whoever holds its lease. */
  readonly checkpoint?: { readonly processor: string; readonly checkpoint: Checkpoint }
}

export type ViewVersionsChanged =
  | { readonly status: 'changed'; readonly generation: number }
  /** It was made from a generation that is not the last one any more. */
  | { readonly status: 'stale'; readonly generation: number }
  | { readonly status: 'fenced' }
  /** An event that the change excludes, the first one. */
  | { readonly status: 'events'; readonly position: number }
