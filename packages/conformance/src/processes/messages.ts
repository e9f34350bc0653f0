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
  /** Saves and prunes an image again and again, each snapshot of more parts, while it holds the lease. */
  | { readonly kind: 'image'; readonly owner: string; readonly leaseFor: number }
  /** Tells each generation of the views' versions that it hears of, up to one. */
  | { readonly kind: 'watch-views'; readonly until: number }
  /** Appends events that say for which generation of the views' versions they were prepared, without end. */
  | { readonly kind: 'append-for-views'; readonly writer: string; readonly callers: number }
  /** Changes the views' versions, each time on condition that no event came meanwhile, without end. */
  | { readonly kind: 'change-views' }
  /** Notes the events of partitions, one after the other, while it holds their leases, without end. */
  | { readonly kind: 'work-on-partitions'; readonly owner: string; readonly leaseFor: number }
  /** Splits and merges partitions, without end. */
  | { readonly kind: 'divide-partitions' }
  /** Holds the write lock for so many milliseconds, as a program would that knows nothing of the store. */
  | { readonly kind: 'lock'; readonly milliseconds: number }

/** What a child process tells. */
export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'acknowledged'; readonly number: number; readonly position: number | undefined }
  | { readonly kind: 'raced'; readonly statuses: readonly string[] }
  | { readonly kind: 'read'; readonly events: number }
  | { readonly kind: 'projected'; readonly position: number }
  | { readonly kind: 'published'; readonly position: number }
  | { readonly kind: 'generation'; readonly generation: number }
  | { readonly kind: 'excluded'; readonly generation: number; readonly after: number }
  | { readonly kind: 'divided'; readonly partitions: number }
  | { readonly kind: 'locked' }
  | { readonly kind: 'done' }

export interface Assignment {
  readonly module: string
  readonly database: string
  readonly given: readonly string[]
  readonly task: Task
}
