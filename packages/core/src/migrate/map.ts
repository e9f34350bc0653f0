import { HeadwaterError } from '../message/errors.ts'

/** What became of an old event. Every old event has one entry, in the order of positions. */
export interface MapEntry {
  readonly old: number
  /** The positions of the new events that say what it said, ascending; none: it was dropped. */
  readonly new: readonly number[]
  /** The id of the first of them, where it is not the old event's. */
  readonly id?: string
  /** Why it has no place in the new log. */
  readonly dropped?: string
  /** The position of the old event that it was merged into. */
  readonly into?: number
}

/** How far a copy has come: all before it is in the new log and in the map. */
export interface MapCheckpoint {
  /** The last position of the old log. */
  readonly old: number
  /** The last one of the new log. */
  readonly new: number
  /** The last command of the old command log. */
  readonly sequence: number
  /** Whether any event so far has another id, or a stream other revisions, than before. */
  readonly isShifted: boolean
}

export const nothingCopied: MapCheckpoint = { old: 0, new: 0, sequence: 0, isShifted: false }

/** Which logs a map is of, by their epochs. */
export interface MapIdentity {
  readonly source: string
  readonly target: string
}

/** Where a copy notes which new positions the old ones have become: what it goes on by, and what it is verified by. */
export interface MigrationMap {
  /**
   * The checkpoint that was added last; undefined: none. What was noted after it is forgotten.
   *
   * @throws HeadwaterError `migration.mismatch` where the map is of other logs
   */
  begin(identity: MapIdentity): Promise<MapCheckpoint | undefined>
  /** Notes what became of further old events, in their order, and that all of it is in the new log. */
  add(entries: readonly MapEntry[], checkpoint: MapCheckpoint): Promise<void>
  find(old: number): Promise<MapEntry | undefined>
  /** In the order of old positions, after one of them. */
  entries(after: number): AsyncIterable<MapEntry>
}

/** @throws HeadwaterError `migration.mismatch` */
export function requireSameLogs(known: MapIdentity, asked: MapIdentity): void {
  if (known.source === asked.source && known.target === asked.target) return
  const which = known.source === asked.source ? 'to another log' : 'of another log'
  throw new HeadwaterError('migration.mismatch', `The map is that of a copy ${which}`, {
    details: { map: known, logs: asked },
  })
}

/** A map that is forgotten with the process. */
export class MemoryMap implements MigrationMap {
  #identity: MapIdentity | undefined
  readonly #entries: MapEntry[] = []
  #checkpoint: MapCheckpoint | undefined

  async begin(identity: MapIdentity): Promise<MapCheckpoint | undefined> {
    if (this.#identity !== undefined) requireSameLogs(this.#identity, identity)
    this.#identity = identity
    return this.#checkpoint
  }

  async add(entries: readonly MapEntry[], checkpoint: MapCheckpoint): Promise<void> {
    this.#entries.push(...entries)
    this.#checkpoint = checkpoint
  }

  async find(old: number): Promise<MapEntry | undefined> {
    // Every old position has its entry, so the list has no gap.
    return this.#entries[old - 1]
  }

  async *entries(after: number): AsyncGenerator<MapEntry> {
    yield* this.#entries.slice(after)
  }
}
