import type { HeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { EventToPark, ParkedEvent, SequenceKey } from '../log/parking.ts'
import type { DocumentWrite } from '../log/port.ts'
import type { ProgressCommit } from '../log/progress.ts'
import type { ProcessingResult } from '../log/results.ts'
import type { Statement } from '../log/sql.ts'
import type { ParkedSequences } from './parked-sequences.ts'

/** An event to be parked by the processor that meets it. */
export type ToPark = Omit<EventToPark, 'processor' | 'branch'>
/** A result of the processor that gives it. */
export type OwnResult = Omit<ProcessingResult, 'processor' | 'branch' | 'owner' | 'at'>

/** What is committed with a checkpoint. */
export interface Collected {
  readonly documents: readonly DocumentWrite[]
  readonly park: readonly ToPark[]
  /** Of users, for their own tables. */
  readonly statements?: readonly Statement[]
  readonly results?: readonly OwnResult[]
  /** Parked sequences to be tried again. */
  readonly ask?: readonly SequenceKey[]
}

/** What a commit of the work's own is fenced by. */
export type Fence = Required<Pick<ProgressCommit, 'lease' | 'partition'>>

/** How much of a page was taken. */
export interface Taken {
  /** So many of its first events. */
  readonly count: number
  /** The next one is of a newer version than this code knows: somebody else has to go on. */
  readonly newer?: HeadwaterError
}

/** A parked sequence from its first event on. */
export interface ToRetry extends SequenceKey {
  readonly events: readonly {
    readonly parked: ParkedEvent
    /** As it is to be processed: with other data where it was edited. */
    readonly event: RecordedEvent
    /** As it was recorded. */
    readonly original: RecordedEvent
  }[]
}

/** What became of a sequence that was tried again. */
export interface Retried {
  /** So many of its first events are processed. */
  readonly done: number
  /** The next one has failed. */
  readonly failure?: { readonly attempts: number; readonly error: unknown }
  readonly newer?: HeadwaterError
}

/** What a processor does with the events of one partition: a view folds them, a subscription calls its handler. */
export interface ProcessorWork {
  /** Whether so much has gathered that it should be committed before the end of the log is reached. */
  readonly isFull: boolean
  /** Whether what it has given has to be committed before it goes on, since it reads that. Default: no. */
  readonly isSequential?: boolean
  /** Whether something has gathered that is to be committed. */
  readonly isDirty: boolean
  /** The position of the first event that was taken and isn't finished; undefined: all of them are. */
  readonly oldest: number | undefined
  /**
   * Forgets what it kept in memory.
   *
   * @param parked the sequences that are parked; it adds those that it parks
   * @param onProgress is called when an event is finished that was still under way when `process` returned
   * @param after the position behind which it begins
   */
  begin(parked: ParkedSequences, onProgress: () => void, after: number): Promise<void>
  /** Takes the first events of a page, in order. */
  process(events: readonly RecordedEvent[], fence: Fence): Promise<Taken>
  /** Tries parked sequences once more, each from its first event on, for about a second. */
  retry(sequences: readonly ToRetry[]): Promise<readonly Retried[]>
  /** Resolves when all events that were taken are finished. */
  settle(): Promise<void>
  /** What has to be committed, since the last call. */
  collect(): Collected
}

/**
 * What is needed to park an event.
 *
 * @param parkedAt epoch milliseconds
 */
export function toPark(
  event: RecordedEvent,
  sequence: string,
  attempts: number,
  error: unknown,
  parkedAt: number,
): ToPark {
  const { tenant, position } = event
  return {
    tenant,
    sequence,
    position,
    attempts,
    error: error === undefined ? null : describeFailure(error),
    parkedAt,
  }
}

/** The sequence of an event whose key can't be told: nothing waits behind it. */
export function sequenceWithoutKey({ stream, revision }: RecordedEvent): string {
  return `${stream}@${revision}`
}

export function describeFailure(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, 2_000)
}

/** What is kept of a parked event that was processed in the end; undefined: nothing, as it had only waited. */
export function handledResult({ edit, ...parked }: ParkedEvent, attempts: number): OwnResult | undefined {
  if (attempts === 1 && edit === undefined) return undefined
  const { tenant, sequence, position } = parked
  const who = { actor: edit?.actor ?? null, why: edit?.why ?? null, job: null }
  return { tenant, sequence, position, status: 'handled', attempts, result: null, error: null, ...who }
}
