import type { Encoded } from '../message/codec.ts'

/**
 * The states of streams at a revision, at most one for each stream: they save folding, and nothing depends on them. Whoever
 * reads one checks that the log still holds the event it stands on.
 */
export interface Snapshots {
  find(branch: number, tenant: string, stream: string): Promise<SnapshotRow | undefined>
  /** Replaces those of the same streams, except for one that the same code made of a later revision of the same history. */
  save(rows: readonly SnapshotRow[]): Promise<void>
  /** In the order of tenants, then of streams' names by code points. */
  list(query: SnapshotsQuery): Promise<readonly SnapshotSummary[]>
  /** Gives how many there were. */
  drop(query: SnapshotsToDrop): Promise<number>
}

export interface SnapshotSummary {
  readonly branch: number
  readonly tenant: string
  readonly stream: string
  readonly revision: number
  /** Of the code that folded the state. */
  readonly hash: string
  /** Of the log whose event it stands on. */
  readonly epoch: string
  /** The id of the event at the revision. */
  readonly eventId: string
  /** Epoch milliseconds. */
  readonly takenAt: number
  /** Of the encoded state; characters or bytes. */
  readonly size: number
}

export interface SnapshotRow extends Omit<SnapshotSummary, 'size'> {
  readonly state: Encoded
}

export interface SnapshotsQuery {
  readonly branch: number
  /** Undefined: of all tenants. */
  readonly tenant: string | undefined
  /** What the streams' names begin with. */
  readonly prefix: string
  /** The last one of the page before. */
  readonly after: { readonly tenant: string; readonly stream: string } | undefined
  readonly limit: number
}

export interface SnapshotsToDrop {
  readonly branch: number
  /** Undefined: of all tenants. */
  readonly tenant: string | undefined
  /** Of this stream alone; undefined: of all whose names begin with the prefix. */
  readonly stream?: string
  readonly prefix?: string
}
