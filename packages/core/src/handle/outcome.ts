import type { Reason } from '../decide/reject.ts'

/** What became of a command; a repeat of the same command id gets the very same. */
export type Outcome = Accepted | Rejected

export interface Accepted {
  readonly status: 'accepted'
  readonly commandId: string
  readonly stream: string
  /** The stream's revision after the command. */
  readonly revision: number
  /** The position of its last event; undefined where there was nothing to do. */
  readonly position: number | undefined
  readonly events: readonly RecordedReference[]
}

export interface Rejected {
  readonly status: 'rejected'
  readonly commandId: string
  readonly stream: string
  readonly revision: number
  readonly reason: Reason
  /** Of the events that record the rejection, if there are any. */
  readonly position: number | undefined
  readonly events: readonly RecordedReference[]
}

export interface RecordedReference {
  readonly id: string
  readonly type: string
  readonly revision: number
  readonly position: number
}

export interface ExecuteOptions {
  /** The command's id: a second command with it has no effect and gets the first one's answer. Default: a new id. */
  readonly id?: string
  readonly actor?: string | null
  readonly correlationId?: string
  readonly causationId?: string
  readonly tenant?: string
  /** Decide on this revision of the stream, or not at all: no retry. */
  readonly expectedRevision?: number
  /** When it happened in the world, for events that don't say so themselves. Default: now. */
  readonly occurredAt?: Date
}
