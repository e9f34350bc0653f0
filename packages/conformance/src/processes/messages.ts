import type { AppendRequest } from '@headwater/core'

/** What a child process is asked to do. */
export type Task =
  /** Appends numbered requests of its own, several at once, and tells of each that was acknowledged. */
  | {
      readonly kind: 'append'
      readonly writer: string
      readonly from: number
      readonly count: number
      readonly callers: number
    }
  /** Waits for the signal to go, then appends each request by itself, all at once, and tells the outcomes. */
  | { readonly kind: 'race'; readonly requests: readonly AppendRequest[] }
  /** Reads the log to a position, while it is written. */
  | { readonly kind: 'chase'; readonly until: number; readonly limit: number }
  /** Counts events into a document, batch by batch, while it holds the lease. */
  | { readonly kind: 'project'; readonly owner: string; readonly leaseFor: number }
  /** Holds the write lock for so many milliseconds, as a program would that knows nothing of the store. */
  | { readonly kind: 'lock'; readonly milliseconds: number }

/** What a child process tells. */
export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'acknowledged'; readonly number: number; readonly position: number | undefined }
  | { readonly kind: 'raced'; readonly statuses: readonly string[] }
  | { readonly kind: 'read'; readonly events: number }
  | { readonly kind: 'projected'; readonly position: number }
  | { readonly kind: 'locked' }
  | { readonly kind: 'done' }

export interface Assignment {
  readonly module: string
  readonly database: string
  readonly given: readonly string[]
  readonly task: Task
}
