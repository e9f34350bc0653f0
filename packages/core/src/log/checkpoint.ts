import type { LogHead } from './port.ts'

/** Where a processor stands, and in which history: a mismatch stops it with `log.diverged`. */
export interface Checkpoint {
  readonly epoch: string
  readonly position: number
  /** The id of the event at the position; null where the position is 0. */
  readonly eventId: string | null
}

/** Whether a position that was reached in an epoch belongs to the history that the log has now. */
export function isOfHistory(
  { epoch, position }: Pick<Checkpoint, 'epoch' | 'position'>,
  head: LogHead,
): boolean {
  return epoch === head.epoch || position <= (head.earlier?.get(epoch) ?? -1)
}
