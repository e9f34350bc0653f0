import type { Aggregate } from '../decide/aggregate.ts'
import type { LogFeed } from '../log/feed.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../message/versions.ts'
import { type EventRow, mainBranch, type Log } from '../log/port.ts'
import { isAmendment } from '../amend/amendment.ts'
import { byOccurrence } from '../amend/by-occurrence.ts'
import type { StreamHistory } from '../amend/stream-history.ts'
import { Recent } from '../log/recent.ts'
import type { SnapshotKeeper } from './snapshots.ts'
import type { StreamState } from './stream-state.ts'

export type { StateOf, StreamState } from './stream-state.ts'

const pageSize = 500
const pagesInARow = 4

/** An aggregate, or a stream of which only the revision counts. */
type Folded = Aggregate & { readonly isStateless?: boolean }

interface Loading {
  readonly read: Promise<StreamState>
  /** Its caller has gone on: who comes now may know of what it doesn't see. */
  hasBegun: boolean
  /** The read of those who have come since. */
  next: Promise<StreamState> | undefined
}

interface FoldedState extends StreamState {
  /** The revision of the state that it was folded from. */
  readonly foldedFrom: number
}

/**
 * The states of hot streams, by revision. A state that has become stale does no harm, since every outcome commits only
 * if the revision it was decided on is still the stream's.
 */
export class StreamStates {
  readonly #log: Log
  readonly #feed: LogFeed
  readonly #history: StreamHistory
  readonly #snapshots: SnapshotKeeper
  readonly #states: Recent<StreamState>
  readonly #versions = new Map<Aggregate, KnownVersions>()
  readonly #loading = new Map<string, Loading>()

  constructor(log: Log, feed: LogFeed, history: StreamHistory, snapshots: SnapshotKeeper, capacity = 10_000) {
    this.#log = log
    this.#feed = feed
    this.#history = history
    this.#snapshots = snapshots
    this.#states = new Recent(capacity)
  }

  /** The state that is at hand; undefined where the stream has to be loaded. */
  peek(tenant: string, stream: string): StreamState | undefined {
    return this.#states.get(cacheKey(tenant, stream))
  }

  /** The cached state, or the one loaded from the log. */
  load(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const key = cacheKey(tenant, stream)
    const cached = this.#states.get(key)
    if (cached !== undefined) return Promise.resolve(cached)
    return this.#loading.get(key)?.read ?? this.refresh(aggregate, tenant, stream)
  }

  /**
   * Brings the state up to the log's. Whoever comes while it is read shares the next read with all others who do: the one
   * under way may have seen the stream before an append of which the caller knows already.
   */
  refresh(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const key = cacheKey(tenant, stream)
    const underway = this.#loading.get(key)
    if (underway === undefined) return this.#start(aggregate, tenant, stream)
    if (!underway.hasBegun) return underway.read
    const again = (): Promise<StreamState> =>
      this.#loading.get(key)?.read ?? this.#start(aggregate, tenant, stream)
    return (underway.next ??= underway.read.then(again, again))
  }

  #start(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const key = cacheKey(tenant, stream)
    const read = this.#read(aggregate, tenant, stream).finally(() => this.#loading.delete(key))
    const loading: Loading = { read, hasBegun: false, next: undefined }
    this.#loading.set(key, loading)
    queueMicrotask(() => {
      loading.hasBegun = true
    })
    return read
  }

  /** Takes over the state after what was just recorded on a revision. */
  advance(aggregate: Aggregate, tenant: string, stream: string, before: number, after: StreamState): void {
    this.#keep(cacheKey(tenant, stream), after)
    this.#snapshots.moved(aggregate, tenant, stream, before, after)
  }

  /** The state of a stream now, which is not kept in memory: for those who go through many streams once. */
  async look(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const known = this.#states.get(cacheKey(tenant, stream))
    return this.#fold(aggregate, tenant, stream, known ?? (await this.#begin(aggregate, tenant, stream)))
  }

  /** The state of a stream at a revision, folded from its first event. */
  async fromScratch(
    aggregate: Aggregate,
    tenant: string,
    stream: string,
    revision: number,
  ): Promise<StreamState> {
    const nothing = { state: aggregate.initial, revision: 0 }
    return this.#fold(aggregate, tenant, stream, nothing, revision)
  }

  /**
   * The state that events would make of another one if they were recorded.
   *
   * @throws what the aggregate throws that can't fold them
   */
  after(
    aggregate: Aggregate,
    before: StreamState,
    rows: readonly EventRow[],
  ): StreamState | Promise<StreamState> {
    const [first] = rows
    if (first === undefined) return before
    const revision = before.revision + rows.length
    if (aggregate.order === 'recorded')
      return { state: this.#evolved(aggregate, before.state, rows), revision }
    let { latest = Number.NEGATIVE_INFINITY } = before
    const { tenant, stream } = first
    for (const { occurredAt } of rows) {
      if (occurredAt < latest)
        return this.#foldSorted(aggregate, { tenant, stream, to: before.revision }, rows)
      latest = occurredAt
    }
    return { state: this.#evolved(aggregate, before.state, rows), revision, latest }
  }

  #evolved(aggregate: Aggregate, before: unknown, rows: readonly EventRow[]): unknown {
    let state = before
    for (const row of rows) state = aggregate.evolve(state, this.#feed.decode(row))
    return state
  }

  forget(tenant: string, stream: string): void {
    this.#states.delete(cacheKey(tenant, stream))
  }

  async #read(aggregate: Folded, tenant: string, stream: string): Promise<StreamState> {
    const key = cacheKey(tenant, stream)
    if (aggregate.isStateless) {
      const after = Number.MAX_SAFE_INTEGER
      const { revision } = await this.#log.readStream({ branch: mainBranch, tenant, stream, after, limit: 1 })
      return this.#keep(key, { state: undefined, revision })
    }
    const known = this.#states.get(key) ?? (await this.#begin(aggregate, tenant, stream))
    const { foldedFrom, ...folded } = await this.#fold(aggregate, tenant, stream, known)
    this.#snapshots.moved(aggregate, tenant, stream, foldedFrom, folded)
    return this.#keep(key, folded)
  }

  async #begin(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const snapshot =
      aggregate.snapshots === undefined ? undefined : await this.#snapshots.find(aggregate, tenant, stream)
    return snapshot ?? { state: aggregate.initial, revision: 0 }
  }

  /** @param to the last revision; default: that of the stream */
  async #fold(
    aggregate: Aggregate,
    tenant: string,
    stream: string,
    from: StreamState,
    to = Number.POSITIVE_INFINITY,
  ): Promise<FoldedState> {
    let { state, revision, latest = Number.NEGATIVE_INFINITY } = from
    const isSorted = aggregate.order === 'occurred'
    for (let pages = 1; ; pages += 1) {
      const limit = Math.min(pageSize, to - revision)
      const page = await this.#log.readStream({ branch: mainBranch, tenant, stream, after: revision, limit })
      if (page.events.some(isAmendment)) return this.#foldAmended(aggregate, tenant, stream, from, to)
      for (const row of page.events) {
        // What occurred before something that is folded already belongs before it.
        if (row.occurredAt < latest) return this.#foldSorted(aggregate, { tenant, stream, to })
        requireKnown(this.#versionsOf(aggregate), row, `Aggregate ${aggregate.name}`)
        state = aggregate.evolve(state, this.#feed.decode(row))
        revision = row.revision
        if (isSorted) latest = row.occurredAt
      }
      if (revision >= Math.min(to, page.revision) || page.events.length === 0)
        return { state, revision, foldedFrom: from.revision, ...(isSorted && { latest }) }
      // A long stream is folded in slices, so that others get their turn.
      if (pages % pagesInARow === 0) await new Promise(setImmediate)
    }
  }

  /** An amendment of what a state was folded from makes that state useless: it is folded again, from the first event. */
  async #foldAmended(
    aggregate: Aggregate,
    tenant: string,
    stream: string,
    from: StreamState,
    to: number,
  ): Promise<FoldedState> {
    if (aggregate.order === 'occurred') return this.#foldSorted(aggregate, { tenant, stream, to })
    const range = await this.#history.amendmentsOf({ tenant, stream, after: from.revision, to })
    if (range.firstAmended <= from.revision && from.revision > 0) {
      const nothing = { state: aggregate.initial, revision: 0 }
      return this.#foldAmended(aggregate, tenant, stream, nothing, to)
    }
    let { state } = from
    for await (const row of this.#history.standing(range, aggregate.order)) {
      requireKnown(this.#versionsOf(aggregate), row, `Aggregate ${aggregate.name}`)
      state = aggregate.evolve(state, this.#feed.decode(row))
    }
    return { state, revision: range.to, foldedFrom: from.revision }
  }

  /** From the first event, in the order in which they occurred. @param pending is not recorded yet, and stands behind it */
  async #foldSorted(
    aggregate: Aggregate,
    range: { readonly tenant: string; readonly stream: string; readonly to: number },
    pending: readonly EventRow[] = [],
  ): Promise<FoldedState> {
    const history = this.#history
    const amended = await history.amendmentsOf(range)
    async function* all(): AsyncGenerator<EventRow> {
      yield* history.standing(amended, 'recorded')
      yield* pending
    }
    let state: unknown = aggregate.initial
    let latest = Number.NEGATIVE_INFINITY
    for await (const row of byOccurrence(all, ({ occurredAt }) => occurredAt)) {
      requireKnown(this.#versionsOf(aggregate), row, `Aggregate ${aggregate.name}`)
      state = aggregate.evolve(state, this.#feed.decode(row))
      latest = row.occurredAt
    }
    return { state, revision: amended.to + pending.length, foldedFrom: 0, latest }
  }

  #versionsOf(aggregate: Aggregate): KnownVersions {
    let versions = this.#versions.get(aggregate)
    if (versions === undefined) this.#versions.set(aggregate, (versions = versionsOf(aggregate.events)))
    return versions
  }

  #keep(key: string, next: StreamState): StreamState {
    const known = this.#states.get(key)
    // A slow load must not put an older state over a newer one.
    if (known !== undefined && known.revision > next.revision) return known
    // A stream without events costs no more to load than to keep.
    if (next.revision > 0) this.#states.set(key, next)
    return next
  }
}

function cacheKey(tenant: string, stream: string): string {
  return tenant === '' ? stream : `${tenant}\u0000${stream}`
}
