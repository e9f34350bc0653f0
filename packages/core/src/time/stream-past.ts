import { byOccurrence } from '../amend/by-occurrence.ts'
import { isAmendment } from '../amend/amendment.ts'
import type { StreamHistory } from '../amend/stream-history.ts'
import type { Aggregate } from '../decide/aggregate.ts'
import type { StreamState } from '../handle/stream-state.ts'
import type { LogFeed } from '../log/feed.ts'
import { type Log, mainBranch } from '../log/port.ts'
import { isBy, type Moment } from '../message/moment.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { requireKnown, versionsOf } from '../message/versions.ts'
import { type Change, changesBetween } from '../view/changes.ts'
import { requireRecorded } from './recorded-moment.ts'

/** An event that changes more is told of by how much more. */
const mostChanges = 50

/** Which part of which stream is read. */
export interface StreamPart {
  readonly tenant: string
  readonly stream: string
  /** Undefined: all that is recorded. */
  readonly at: Moment | undefined
  /** Up to here amendments are known, and records; default: all, or up to the position as of which it is asked. */
  readonly known?: number | undefined
}

/** One event on the way to a state. */
export interface HistoryStep {
  readonly event: RecordedEvent
  /** After the event. */
  readonly state: unknown
  /** What the event changed in the state, as JSON. */
  readonly changed: readonly Change[]
}

/** What became of a stream, as of any moment: always the fold of what belonged to it then, in the stream's own order. */
export class StreamPast {
  readonly #log: Log
  readonly #feed: LogFeed
  readonly #history: StreamHistory

  constructor(log: Log, feed: LogFeed, history: StreamHistory) {
    this.#log = log
    this.#feed = feed
    this.#history = history
  }

  /**
   * The events after a revision, in the order of the effective history: an inserted one stands where it belongs, though its
   * revision is higher.
   *
   * @param show `all`: those that are omitted too, with a note that says so
   * @throws HeadwaterError `time.not-yet`
   */
  async *events(
    part: StreamPart,
    after = 0,
    show: 'standing' | 'all' = 'standing',
  ): AsyncGenerator<RecordedEvent> {
    const { tenant, stream, at } = part
    const known = knownOf(part)
    await requireRecorded(known, this.#log, this.#feed)
    const range = await this.#history.amendmentsOf({ tenant, stream, known })
    const isPlain = range.firstAmended > after
    let isBehind = isPlain || after === 0
    for await (const rows of this.#history.rows(isPlain ? { ...range, after } : range, show)) {
      for (const row of rows) {
        // Behind an amendment that inserts nothing stands what was recorded after it.
        isBehind ||= row.revision > after && !isAmendment(row.amendment?.original ?? row)
        if (isBehind && (at === undefined || isBy(at, row))) yield this.#feed.decode(row)
        if (row.revision === after) isBehind = true
      }
    }
  }

  /** The revision of the last event that belongs to it; 0: there is none. @throws HeadwaterError `time.not-yet` */
  async revision(part: StreamPart): Promise<number> {
    const { tenant, stream, at } = part
    const known = knownOf(part)
    await requireRecorded(known, this.#log, this.#feed)
    if (!(at instanceof Date))
      return known === undefined ? this.#revisionNow(tenant, stream) : this.#revisionAt(tenant, stream, known)
    let last = 0
    for await (const { revision } of this.events(part)) last = Math.max(last, revision)
    return last
  }

  /** @throws HeadwaterError `time.not-yet`, `event.newer-version` */
  async state(aggregate: Aggregate, part: StreamPart): Promise<StreamState> {
    // What is recorded while it is folded belongs to neither.
    const known = knownOf(part) ?? this.#feed.head
    let last: StreamState = { state: aggregate.initial, revision: 0 }
    for await (const { event, state } of this.#fold(aggregate, { ...part, known }))
      last = { state, revision: Math.max(last.revision, event.revision) }
    return part.at instanceof Date ? last : { ...last, revision: await this.revision({ ...part, known }) }
  }

  /**
   * How a stream came to its state: the events after a revision, each with the state after it and what it changed.
   *
   * @throws HeadwaterError `time.not-yet`, `event.newer-version`
   */
  async history(aggregate: Aggregate, part: StreamPart, after: number, limit: number) {
    const json = (state: unknown): unknown => asJson(aggregate.snapshots?.write(state) ?? state)
    let initial: unknown = aggregate.initial
    let before: unknown
    const items: HistoryStep[] = []
    let isBehind = after === 0
    const isByRevision = aggregate.order === 'recorded'
    for await (const { event, state } of this.#fold(aggregate, part, 'all')) {
      isBehind ||= isByRevision && event.revision > after && !isAmendment(event.asRecorded())
      if (isBehind) {
        if (items.length === 0) before = json(initial)
        const now = json(state)
        items.push({ event, state, changed: changesBetween(before, now, mostChanges) })
        before = now
      } else initial = state
      if (items.length === limit) break
      if (event.revision === after) isBehind = true
    }
    return { initial, items }
  }

  /** The events that count, each with the state after it. @throws HeadwaterError `time.not-yet`, `event.newer-version` */
  steps(aggregate: Aggregate, part: StreamPart): AsyncGenerator<Pick<HistoryStep, 'event' | 'state'>> {
    return this.#fold(aggregate, part)
  }

  async *#fold(aggregate: Aggregate, part: StreamPart, show: 'standing' | 'all' = 'standing') {
    const versions = versionsOf(aggregate.events)
    let state: unknown = aggregate.initial
    for await (const event of this.#ordered(aggregate, part, show)) {
      requireKnown(versions, event, `Aggregate ${aggregate.name}`)
      if (event.amended?.edit !== 'omit') state = aggregate.evolve(state, event)
      yield { event, state }
    }
  }

  #ordered({ order }: Aggregate, part: StreamPart, show: 'standing' | 'all'): AsyncIterable<RecordedEvent> {
    if (order === 'recorded') return this.events(part, 0, show)
    // It may be read twice: what is recorded meanwhile belongs to neither.
    const known = knownOf(part) ?? this.#feed.head
    return byOccurrence(
      () => this.events({ ...part, known }, 0, show),
      ({ occurredAt }) => occurredAt.getTime(),
    )
  }

  /** Positions grow with revisions: it is looked for by halves. */
  async #revisionAt(tenant: string, stream: string, position: number): Promise<number> {
    let low = 0
    let high = await this.#revisionNow(tenant, stream)
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      const query = { branch: mainBranch, tenant, stream, after: middle - 1, limit: 1 }
      const [event] = (await this.#log.readStream(query)).events
      if (event !== undefined && event.position <= position) low = middle
      else high = middle - 1
    }
    return low
  }

  async #revisionNow(tenant: string, stream: string): Promise<number> {
    const query = { branch: mainBranch, tenant, stream, after: Number.MAX_SAFE_INTEGER, limit: 1 }
    return (await this.#log.readStream(query)).revision
  }
}

function knownOf({ at, known }: StreamPart): number | undefined {
  return typeof at === 'number' ? Math.min(at, known ?? at) : known
}

function asJson(state: unknown): unknown {
  return state === undefined ? null : JSON.parse(JSON.stringify(state))
}
