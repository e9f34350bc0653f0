import type { Act } from './controls.ts'
import type { Lease } from './leases.ts'
import type { EventToPark, SequenceKey } from './parking.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Partition, PartitionKey } from './partitions.ts'
import type { DocumentWrite } from './port.ts'
import type { ProcessingResult } from './results.ts'
import type { SlotRange } from './slots.ts'
import type { Statement } from './sql.ts'

/** How far processors have come, by partition. */
export interface Progress {
  /** Of the partition that is furthest behind; undefined: the processor never began. */
  checkpoint(processor: string, branch: number): Promise<Checkpoint | undefined>
  /** In the order of their slots; none: the processor never began. */
  partitions(processor: string, branch: number): Promise<readonly Partition[]>
  /** Makes the partitions of a processor that never began; changes nothing where it did. */
  begin(beginning: Beginning): Promise<void>
  /**
   * Cuts a processor's slots anew in one transaction: each slot stays where it stands, and what is parked goes with it.
   *
   * @returns false: the partitions are not those that were read; nothing was changed
   * @throws HeadwaterError `processor.invalid-partitions`
   */
  arrange(arrangement: Arrangement, act: Act | undefined): Promise<boolean>
  /**
   * Sends all partitions to a checkpoint, backwards or forwards, and forgets what is parked beyond it: it comes again.
   *
   * @returns false: the partitions are not those that were read; nothing was changed
   */
  move(move: Move, act: Act): Promise<boolean>
  /**
   * Writes documents, parked events, results and the checkpoint, and runs users' statements, in one transaction.
   *
   * @throws HeadwaterError `processor.fenced` if the lease is not held any more or the partition was cut anew or moved,
   *   `processor.conflict` if an event to be unparked is gone or was edited, `log.document-conflict` if a document is not at
   *   its expected version, `log.statement-conflict` if a statement changed other rows than expected; then nothing was
   *   written
   */
  commit(commit: ProgressCommit): Promise<void>
  /** Forgets all of a processor: partitions, parked events, results, and what was said about it. */
  reset(processor: string, branch: number): Promise<void>
}

export interface Beginning {
  readonly processor: string
  readonly branch: number
  readonly ranges: readonly SlotRange[]
  readonly checkpoint: Checkpoint
}

export interface Arrangement {
  readonly processor: string
  readonly branch: number
  readonly ranges: readonly SlotRange[]
  /** The partitions that were read. */
  readonly expected: readonly PartitionKey[]
  /** Into how many partitions the code divides it; undefined: it was not the code that asked. */
  readonly declared?: number
}

export interface Move {
  readonly processor: string
  readonly branch: number
  readonly to: Checkpoint
  /** The partitions that were read. */
  readonly expected: readonly PartitionKey[]
}

export interface ProgressCommit {
  readonly processor: string
  readonly branch: number
  readonly lease: Lease
  /** Undefined: the processor has one for all of its keys, which is made where it is missing. */
  readonly partition?: PartitionKey
  /** Undefined: it stays where it is. */
  readonly checkpoint: Checkpoint | undefined
  readonly documents: readonly DocumentWrite[]
  /** Of users, for their own tables. */
  readonly statements?: readonly Statement[] | undefined
  /**
   * Replaces what is parked at the same place of the same sequence; an edit stays. One that says it was not tried changes
   * nothing where one is parked.
   */
  readonly park: readonly EventToPark[]
  readonly unpark: readonly Unpark[]
  readonly results?: readonly ProcessingResult[]
  /** Parked sequences to be tried again. */
  readonly ask?: readonly SequenceKey[]
  /** Sequences that were asked for, and are not any more. */
  readonly answered?: readonly SequenceKey[]
}

export interface Unpark extends SequenceKey {
  readonly position: number
  /** The number of edits that was read; undefined: whatever it is, and whether it is parked or not. */
  readonly edits?: number
}
