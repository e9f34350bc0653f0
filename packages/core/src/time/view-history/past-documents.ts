import { type Overlay, type Standing, Weaver } from '../../amend/overlay.ts'
import type { LogFeed } from '../../log/feed.ts'
import { eventsAt } from '../../log/events-at.ts'
import { type Log, mainBranch } from '../../log/port.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../../message/versions.ts'
import { keysOf } from '../../view/refold.ts'
import type { View } from '../../view/view.ts'
import type { Touch } from './amended-keys.ts'
import type { Segment, Standing as StoredStanding } from './segment.ts'
import type { StoredHistory } from './stored-history.ts'

/** Which events count: those up to a position and, where it is given, of them those that occurred by a time. */
export interface Limit {
  readonly position: number
  /** Epoch milliseconds. */
  readonly time?: number | undefined
}

/** A document as it stood at some time. */
export interface PastDocument {
  /** Null: there was none. */
  readonly document: unknown
  /** The last event that it shows. */
  readonly shows: number
  readonly isStuck: boolean
}

/** An event, and where it stands. */
interface Placed {
  readonly event: RecordedEvent
  readonly slot: number
}

const none: PastDocument = { document: null, shows: 0, isStuck: false }

/**
 * The documents of a view as they stood at any time: from the nearest version before it that is stored, the events of the
 * key that are missing are folded.
 */
export class PastDocuments {
  readonly #view: View
  readonly #stored: StoredHistory
  readonly #log: Log
  readonly #feed: LogFeed
  readonly #versions: KnownVersions

  constructor(view: View, stored: StoredHistory, log: Log, feed: LogFeed) {
    this.#view = view
    this.#stored = stored
    this.#log = log
    this.#feed = feed
    this.#versions = versionsOf(view.events)
  }

  /** The document of a key. @throws HeadwaterError `event.newer-version` */
  async find(tenant: string, key: string, limit: Limit): Promise<PastDocument> {
    const [open] = await this.#stored.open(tenant, [key])
    if (open === undefined) return none
    const { position, time } = limit
    // What another document goes on from may have had events later than its own.
    const isWhole = time === undefined || (open.until <= time && this.#view.continues === undefined)
    if (!isWhole) return this.#occurred(tenant, key, open, position, time)
    const first = open.positions[0] ?? Number.POSITIVE_INFINITY
    const isInOpen = first <= position || (open.before?.position ?? 0) <= position
    const segment = isInOpen ? open : await this.#stored.fullAt(tenant, key, position)
    if (segment === undefined) return none
    return this.fold(tenant, key, await this.#before(tenant, key, segment), segment.positions, { position })
  }

  /** The document after a segment. @param known events that are at hand, by their positions */
  async after(
    tenant: string,
    key: string,
    segment: Segment,
    before: unknown,
    known: ReadonlyMap<number, RecordedEvent>,
  ): Promise<PastDocument> {
    const start =
      before === undefined ? await this.#before(tenant, key, segment) : startOf(segment.before, before)
    const limit = { position: Number.POSITIVE_INFINITY }
    return this.fold(tenant, key, start, segment.positions, limit, known)
  }

  /**
   * Folds events of a key into its document, as the view does.
   *
   * @throws HeadwaterError `event.newer-version`
   */
  async fold(
    tenant: string,
    key: string,
    start: PastDocument,
    positions: readonly number[],
    limit: Limit,
    known?: ReadonlyMap<number, RecordedEvent>,
  ): Promise<PastDocument> {
    if (start.isStuck) return start
    const wanted = positions.filter((position) => position <= limit.position)
    return this.#fold(tenant, key, start, this.#events(wanted, known), limit)
  }

  /**
   * The document of a key of whose history amendments have made something else: from the nearest version before what they are
   * about.
   *
   * @param touches all that concern the key, at least one
   * @param overlay what they make of a history
   * @throws HeadwaterError `event.newer-version`
   */
  async amended(
    tenant: string,
    key: string,
    limit: Limit,
    touches: readonly Touch[],
    overlay: Overlay,
  ): Promise<PastDocument> {
    const first = touches.reduce((least, { slot }) => Math.min(least, slot), Number.POSITIVE_INFINITY)
    const after = Math.max(0, first - 1)
    const start = await this.find(tenant, key, { ...limit, position: Math.min(after, limit.position) })
    const positions = new Set<number>()
    for await (const some of this.positions(tenant, key, after, limit.position))
      for (const position of some) positions.add(position)
    // What has another key as it was recorded may have this one as it was amended.
    for (const { base } of touches) if (base > after && base <= limit.position) positions.add(base)
    const sorted = [...positions].sort((one, other) => one - other)
    const events = this.#woven(tenant, key, sorted, limit.position, new Weaver(overlay, after))
    return this.#fold(tenant, key, start, events, limit)
  }

  /** What counts of some records, and what is inserted among them. */
  async *#woven(
    tenant: string,
    key: string,
    positions: readonly number[],
    to: number,
    weaver: Weaver,
  ): AsyncGenerator<Placed> {
    const placed = (standing: readonly Standing[]): readonly Placed[] =>
      standing
        .filter(({ row }) => row.tenant === tenant && this.#versions.has(row.type))
        .map(({ row, slot }) => ({ event: this.#feed.decode(row), slot }))
        .filter(({ event }) => keysOf(this.#view, event).includes(key))
    for await (const row of eventsAt(this.#log, mainBranch, positions))
      yield* placed(weaver.weave([row], row.position))
    yield* placed(weaver.weave([], to))
  }

  /** Of a key's events behind a position and up to another one, in ascending order. */
  async *positions(
    tenant: string,
    key: string,
    after: number,
    to: number,
  ): AsyncGenerator<readonly number[]> {
    const [open] = await this.#stored.open(tenant, [key])
    if (open === undefined) return
    const within = ({ positions }: Segment): readonly number[] =>
      positions.filter((position) => position > after && position <= to)
    const first = after === 0 ? undefined : await this.#stored.fullAt(tenant, key, after)
    if (first !== undefined) yield within(first)
    for await (const segment of this.#stored.fullBetween(tenant, key, after, to, Number.MAX_SAFE_INTEGER))
      yield within(segment)
    yield within(open)
  }

  async #fold(
    tenant: string,
    key: string,
    start: PastDocument,
    events: AsyncIterable<Placed>,
    limit: Limit,
  ): Promise<PastDocument> {
    if (start.isStuck) return start
    let { document, shows } = start
    for await (const { event, slot } of events) {
      if (limit.time !== undefined && event.occurredAt.getTime() > limit.time) continue
      requireKnown(this.#versions, event, `View ${this.#view.name}`)
      const continued =
        document === null ? await this.#continued(tenant, key, event.position, limit.time) : undefined
      try {
        document = this.#view.fold(document ?? this.#view.initial(key, continued), event, key) ?? null
      } catch {
        // The view has parked it, and what follows for the key waits.
        return { document, shows, isStuck: true }
      }
      shows = Math.max(shows, slot)
    }
    return { document, shows, isStuck: false }
  }

  /** Where not all had occurred by then, events are left out wherever they stand. */
  async #occurred(
    tenant: string,
    key: string,
    open: Segment,
    position: number,
    time: number,
  ): Promise<PastDocument> {
    const isChained = this.#view.continues !== undefined
    const whole = isChained ? undefined : await this.#stored.fullBy(tenant, key, position, time)
    let past = none
    let after = 0
    if (whole?.after !== undefined) {
      past = startOf(whole.after, await this.#stored.version(tenant, key, whole.after))
      after = whole.after.position
    }
    const limit = { position, time }
    for await (const segment of this.#stored.fullBetween(tenant, key, after, position, time))
      past = await this.fold(tenant, key, past, segment.positions, limit)
    return open.since > time ? past : this.fold(tenant, key, past, open.positions, limit)
  }

  async #before(tenant: string, key: string, { before }: Segment): Promise<PastDocument> {
    return before === null ? none : startOf(before, await this.#stored.version(tenant, key, before))
  }

  /** The document that the first one of a key goes on from, as its first event finds it. */
  async #continued(
    tenant: string,
    key: string,
    position: number,
    time: number | undefined,
  ): Promise<unknown> {
    const before = this.#view.continues?.(key)
    if (before === undefined) return undefined
    return (await this.find(tenant, before, { position, time })).document ?? undefined
  }

  async *#events(
    positions: readonly number[],
    known: ReadonlyMap<number, RecordedEvent> | undefined,
  ): AsyncGenerator<Placed> {
    const split =
      known === undefined ? positions.length : positions.findIndex((position) => known.has(position))
    const read = split < 0 ? positions : positions.slice(0, split)
    for await (const row of eventsAt(this.#log, mainBranch, read))
      yield { event: this.#feed.decode(row), slot: row.position }
    for (const position of positions.slice(read.length)) {
      const event = known?.get(position)
      if (event !== undefined) yield { event, slot: position }
    }
  }
}

function startOf(standing: StoredStanding | null, document: unknown): PastDocument {
  if (standing === null) return none
  return { document, shows: standing.shows, isStuck: standing.isStuck }
}
