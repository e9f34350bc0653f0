import type { ProcessorDesk } from './desk.ts'
import type { ParkedDesk } from './parked-desk.ts'

/**
 * What a processor is doing.
 * - `starting`: it has not begun in this process.
 * - `running`: some of its partitions are processed here.
 * - `standby`: other processes have all of them.
 * - `paused`: an operator wants it to stand still.
 * - `outdated`: it met an event of a newer version than this process's code knows, and leaves its work to newer ones.
 * - `failed`: an error keeps it from going on; it says which.
 * - `stopped`: the app was closed.
 */
export type ProcessorStatus =
  | 'starting'
  | 'running'
  | 'standby'
  | 'paused'
  | 'outdated'
  | 'failed'
  | 'stopped'

/** A view's or a subscription's progress over the log, as others see it. */
export interface ProcessorSummary {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  readonly status: ProcessorStatus
  /** Everything up to here is processed: that of the partition furthest behind. */
  readonly position: number
  readonly head: number
  readonly lag: { readonly events: number; readonly seconds: number }
  /** Events parked, those that wait behind a failed one included; no more than 100,000 are counted. */
  readonly parked: number
  readonly error: { readonly code: string; readonly message: string } | undefined
  /** Who paused it, and why; undefined: it is not paused. */
  readonly paused:
    | { readonly actor: string | null; readonly why: string | null; readonly at: Date }
    | undefined
  readonly partitions: readonly PartitionSummary[]
}

/** A part of a processor's keys. */
export interface PartitionSummary {
  /** The slots to which its keys are hashed, of 0 to 65,535. */
  readonly first: number
  readonly last: number
  readonly position: number
  /** The process that has it; null: none. */
  readonly owner: string | null
}

/** A processor, wherever it runs: how far it is, and what an operator can do with it. */
export interface ProcessorHandle extends ProcessorDesk {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  summary(): Promise<ProcessorSummary>
  /** Resolves when everything up to the position is processed. @throws HeadwaterError `view.wait-timeout` */
  waitFor(
    position: number,
    options?: { readonly timeLimit?: number; readonly signal?: AbortSignal },
  ): Promise<void>
  readonly parked: ParkedDesk
}
