/** What a replay ends in: a view of 10,000 keys, a view of 40 keys, a handler that only counts, or a table of 10,000 rows. */
export const kinds = ['view-10000', 'view-40', 'handler', 'sql-view-10000'] as const
export type Kind = (typeof kinds)[number]

/** One replay, done in a process of its own, so that memory is its own too and nobody's heap is in the way. */
export interface Job {
  readonly peer: string
  readonly kind: Kind
  /** A folder, or the URL of a database of PostgreSQL. */
  readonly place: string
  readonly events: number
  /** Makes names of views and processors new, so that each begins at the first event. */
  readonly round: number
}

export interface JobResult {
  readonly milliseconds: number
  /** How far the process grew beyond what it had before, at its largest, in bytes. */
  readonly growth: number
}

/** Who takes part in the replay. */
export interface ReplayPeer {
  readonly name: string
  /** How many of the events it gets: the slow ones a part, as only the rate counts. */
  share(events: number): number
  /** Records the events there. */
  fill(place: string, events: number): Promise<void>
  /** Folds them all; milliseconds from opening the database to the last event's effect. */
  replay(job: Job): Promise<number>
}

/** How many events an append or a transaction holds when the databases are filled. */
export const fillBatch = 100

/** The payload's field that a kind's view is keyed by. */
export function keyOf(kind: Kind): 'account' | 'branch' {
  return kind === 'view-40' ? 'branch' : 'account'
}
