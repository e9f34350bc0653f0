import type { NewEvent } from '../message/event.ts'

/** One thing to be said about the past. Events are named by their ids. */
export type Edit = Omission | Replacement | Insertion | Restoration

/** The event counts no more. */
export interface Omission {
  readonly omit: string
}

/** Another event stands in its place; it occurred when that one did, unless it says otherwise. */
export interface Replacement {
  readonly replace: string
  readonly by: NewEvent
}

/** An event that was left out when it happened, right behind another one, or as the first one of a stream. */
export type Insertion =
  | { readonly insert: NewEvent; readonly after: string }
  | { readonly insert: NewEvent; readonly first: string }

/** Whatever was said about the event is taken back. */
export interface Restoration {
  readonly restore: string
}

export interface AmendOptions {
  /** Kept with the amendment, and shown wherever it shows. */
  readonly why: string
  readonly actor?: string | null
  /** Makes it idempotent: a second one with this id has no effect and gets the first one's answer. */
  readonly id?: string
  readonly correlationId?: string
  readonly causationId?: string
  readonly tenant?: string
}

/** What was recorded by amending. */
export interface Amendments {
  readonly id: string
  /** Of the last amendment: who waits for it sees all of them. */
  readonly position: number
  readonly amendments: readonly {
    /** Of the amendment; of what it inserts, too. */
    readonly id: string
    readonly edit: 'omit' | 'replace' | 'insert' | 'restore'
    /** The id of the event that it is about; null: the beginning of the stream. */
    readonly target: string | null
    readonly stream: string
    readonly revision: number
    readonly position: number
  }[]
}

/** What takes an event's place, or is inserted, before it is validated. */
export interface RawContent {
  readonly type: string
  readonly data: unknown
  /** Of the schema of `data`; default: the current one. */
  readonly version?: number | undefined
  readonly occurredAt?: Date | undefined
}

/** An edit as it comes from outside. */
export type RawEdit =
  | Omission
  | Restoration
  /** The type is that of the event that is replaced, unless it says otherwise. */
  | {
      readonly replace: string
      readonly by: Omit<RawContent, 'type'> & { readonly type?: string | undefined }
    }
  | { readonly insert: RawContent; readonly after: string }
  | { readonly insert: RawContent; readonly first: string }
