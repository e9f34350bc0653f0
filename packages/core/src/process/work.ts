import type { RecordedEvent } from '../message/recorded.ts'
import type { Lease, ParkedEvent, ProgressCommit } from '../log/store.ts'

/** What a processor does with events: a view folds them, a subscription calls its handler. */
export interface ProcessorWork {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  readonly types: readonly string[]
  /** How many events it wants at a time. */
  readonly pageSize: number
  /** Takes over what is parked; forgets what it kept in memory. */
  begin(parked: readonly ParkedEvent[]): Promise<void>
  /** Works on the first events of a page, in order, and gives how many it finished. */
  process(events: readonly RecordedEvent[], lease: Lease): Promise<number>
  /** Whether so much has gathered that it should be committed before the end of the log is reached. */
  readonly isFull: boolean
  /** What has to be committed with the checkpoint, since the last call. */
  collect(): Pick<ProgressCommit, 'documents' | 'park'>
}

/** What is needed to park an event. */
export function parkedEvent(
  processor: string,
  event: RecordedEvent,
  sequence: string,
  attempts: number,
  error: unknown,
): ParkedEvent {
  return {
    processor,
    branch: 0,
    tenant: event.tenant,
    sequence,
    position: event.position,
    attempts,
    error: error === undefined ? null : describe(error),
    parkedAt: Date.now(),
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.slice(0, 2_000)
}

/** The sequences of a processor that wait for an operator. */
export class ParkedSequences {
  readonly #keys = new Set<string>()

  reset(parked: readonly ParkedEvent[]): void {
    this.#keys.clear()
    for (const { tenant, sequence } of parked) this.add(tenant, sequence)
  }

  add(tenant: string, sequence: string): void {
    this.#keys.add(`${tenant}\u0000${sequence}`)
  }

  has(tenant: string, sequence: string): boolean {
    return this.#keys.size > 0 && this.#keys.has(`${tenant}\u0000${sequence}`)
  }
}
