import type { Aggregate } from '../decide/aggregate.ts'
import type { LogFeed } from '../log/feed.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../message/versions.ts'
import { mainBranch, type Log } from '../log/port.ts'
import { Recent } from './recent.ts'

/** The state of a stream at a revision; 0 before its first event. */
export interface StreamState {
  readonly state: unknown
  readonly revision: number
}

const pageSize = 500

/**
 * The states of hot streams, by revision. A state that has become stale does no harm, since every outcome commits only
 * if the revision it was decided on is still the stream's.
 */
export class StreamStates {
  readonly #log: Log
  readonly #feed: LogFeed
  readonly #states: Recent<StreamState>
  readonly #versions = new Map<Aggregate, KnownVersions>()
  readonly #loading = new Map<string, Promise<StreamState>>()

  constructor(log: Log, feed: LogFeed, capacity = 10_000) {
    this.#log = log
    this.#feed = feed
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
    return cached === undefined ? this.refresh(aggregate, tenant, stream) : Promise.resolve(cached)
  }

  /** Brings the state up to the log's. Concurrent callers share one read. */
  refresh(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const key = cacheKey(tenant, stream)
    const underway = this.#loading.get(key)
    if (underway !== undefined) return underway
    const loading = this.#read(aggregate, tenant, stream).finally(() => this.#loading.delete(key))
    this.#loading.set(key, loading)
    return loading
  }

  /** Takes over the state after what was just recorded. */
  advance(tenant: string, stream: string, after: StreamState): void {
    this.#keep(cacheKey(tenant, stream), after)
  }

  forget(tenant: string, stream: string): void {
    this.#states.delete(cacheKey(tenant, stream))
  }

  async #read(aggregate: Aggregate, tenant: string, stream: string): Promise<StreamState> {
    const key = cacheKey(tenant, stream)
    let { state, revision } = this.#states.get(key) ?? { state: aggregate.initial, revision: 0 }
    for (;;) {
      const page = await this.#log.readStream({
        branch: mainBranch,
        tenant,
        stream,
        after: revision,
        limit: pageSize,
      })
      for (const row of page.events) {
        requireKnown(this.#versionsOf(aggregate), row, `Aggregate ${aggregate.name}`)
        state = aggregate.evolve(state, this.#feed.decode(row))
        revision = row.revision
      }
      if (revision >= page.revision || page.events.length === 0) return this.#keep(key, { state, revision })
    }
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
