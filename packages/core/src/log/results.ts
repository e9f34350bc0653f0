import type { Encoded } from '../message/codec.ts'
import type { SequenceKey } from './parking.ts'

/**
 * What processing made of events, kept beside them. That an event was processed is told by the checkpoint; rows are kept
 * only of what a checkpoint can't tell: results, failures, what took several attempts, what was dropped.
 */
export interface Results {
  /** In the order of positions, then of processors and sequences. */
  list(query: ResultsQuery): Promise<readonly ProcessingResult[]>
}

/** Another one about the same event and sequence replaces it. */
export interface ProcessingResult extends SequenceKey {
  readonly processor: string
  readonly branch: number
  readonly position: number
  /** `failed`: a reprocessing job gave up on it; the normal run parks instead. */
  readonly status: 'handled' | 'failed' | 'dropped'
  /** How often it was tried, in all. */
  readonly attempts: number
  /** What the handler returned; null: nothing. */
  readonly result: Encoded | null
  /** Why it failed, or why its result was not kept. */
  readonly error: string | null
  /** The process that did it. */
  readonly owner: string
  /** Epoch milliseconds. */
  readonly at: number
  /** Who dropped or edited it, and why; null: nobody did. */
  readonly actor: string | null
  readonly why: string | null
  /** The reprocessing job that it comes from; null: the normal run. */
  readonly job: string | null
}

export interface ResultsQuery {
  readonly branch: number
  readonly processor?: string
  readonly tenant?: string
  /** Only of this event. */
  readonly position?: number
  /** Positions above this one. */
  readonly after?: number
  readonly limit: number
}
