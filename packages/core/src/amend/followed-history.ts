import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import { fieldsOf, type RecordedEvent } from '../message/recorded.ts'
import { type Amendment, amendedType, isAmendment, readAmendment } from './amendment.ts'
import { Overlay, type Shown, Weaver } from './overlay.ts'

/** What a history is read from. */
export interface HistorySource {
  readonly log: Pick<Log, 'read' | 'readStream' | 'head'>
  readonly decode: (row: EventRow) => RecordedEvent
}

/** Something that a follower meets on its way along the log. */
export type Met = MetEvent | MetAmendment

interface Place {
  /** Of the events that were given to be followed, the one at which it stands. */
  readonly index: number
  /** Where it stands in the effective history; of an amendment, what it is about. */
  readonly slot: number
}

export interface MetEvent extends Place {
  readonly kind: 'event'
  readonly event: RecordedEvent
}

export interface MetAmendment extends Place {
  readonly kind: 'amendment'
  /** The amendment itself. */
  readonly event: RecordedEvent
  /** What stood there until now, and what stands there from now on; undefined: nothing. Not of one that was known before. */
  readonly before: RecordedEvent | undefined
  readonly after: RecordedEvent | undefined
  /** All that ever stood there. */
  readonly versions: readonly RecordedEvent[]
  /** It was recorded when the follower began: events behind its beginning were given as it says. */
  readonly isKnown: boolean
}

const pageSize = 500

/**
 * The history that somebody follows from a position on. What was amended when it begins, it meets as it counts; of what is
 * amended behind it, it hears. It keeps the amendments that concern its types in memory.
 */
export class FollowedHistory {
  readonly #source: HistorySource
  readonly #types: ReadonlySet<string>
  readonly #show: Shown
  overlay = new Overlay()
  #weaver = new Weaver(this.overlay)
  #known = 0
  #after = 0

  constructor(source: HistorySource, types: Iterable<string>, show: Shown = 'standing') {
    this.#source = source
    this.#types = new Set(types)
    this.#show = show
  }

  /** The position behind which it began. */
  get after(): number {
    return this.#after
  }

  /** @param to amendments beyond this position are heard of where they stand, as if they were recorded later */
  async begin(after: number, to = Number.MAX_SAFE_INTEGER): Promise<void> {
    this.overlay = new Overlay()
    this.#after = after
    this.#known = 0
    for (;;) {
      if (this.#known >= to) break
      const query = { branch: mainBranch, tenant: undefined, after: this.#known, to, limit: pageSize }
      const { events, scannedTo, head } = await this.#source.log.read({ ...query, types: [amendedType] })
      for (const row of events) {
        const amendment = readAmendment(row, this.#source.decode(row).data)
        if (this.#concerns(amendment)) this.overlay.add(amendment)
      }
      this.#known = Math.max(this.#known, scannedTo)
      if (scannedTo >= head) break
    }
    this.#weaver = new Weaver(this.overlay, after, this.#show)
  }

  /** Whether these events are met as they were recorded, and nothing else is. */
  isPlain(events: readonly RecordedEvent[]): boolean {
    return this.overlay.isEmpty && !events.some(isAmendment)
  }

  /** What is met where these were recorded: events and amendments of the log, in order. */
  async meet(events: readonly RecordedEvent[]): Promise<readonly Met[]> {
    const targets = await this.#targetsOf(events)
    const met: Met[] = []
    for (const [index, event] of events.entries()) {
      const { position } = event
      for (const { row, slot } of this.#weaver.insertedBefore(position))
        met.push({ kind: 'event', event: this.#source.decode(row), index, slot })
      const amendment = isAmendment(event) ? this.#amendment(event, targets, index) : undefined
      if (amendment !== undefined) met.push(amendment)
      if (isAmendment(event)) {
        if (this.#show === 'everything') met.push({ kind: 'event', event, index, slot: position })
        continue
      }
      const standing = this.standing(event)
      if (standing !== undefined) met.push({ kind: 'event', event: standing, index, slot: position })
    }
    return met
  }

  /** An event as it counts; undefined: it doesn't. */
  standing(event: RecordedEvent): RecordedEvent | undefined {
    if (!this.overlay.concerns(event.position)) return event
    const row = rowOf(event)
    const standing = this.#show === 'standing' ? this.overlay.standing(row) : this.overlay.shown(row)
    return standing === row ? event : standing && this.#source.decode(standing)
  }

  #amendment(
    event: RecordedEvent,
    targets: ReadonlyMap<number, EventRow>,
    index: number,
  ): MetAmendment | undefined {
    const amendment = readAmendment(rowOf(event), event.data)
    const { edit, target, row } = amendment
    const base = edit === 'insert' ? row : targets.get(target.position)
    if (base === undefined || !this.#concerns(amendment)) return undefined
    const isKnown = row.position <= this.#known
    const before = isKnown ? undefined : this.#decoded(this.overlay.standing(base))
    this.overlay.add(amendment)
    const after = isKnown ? undefined : this.#decoded(this.overlay.standing(base))
    const versions = this.overlay.versions(base).map((version) => this.#source.decode(version))
    return {
      kind: 'amendment',
      event,
      before,
      after,
      versions,
      isKnown,
      index,
      slot: this.overlay.slotOf(base.position),
    }
  }

  #decoded(row: EventRow | undefined): RecordedEvent | undefined {
    return row && this.#source.decode(row)
  }

  #concerns({ target, content }: Amendment): boolean {
    return (
      (target.type !== null && this.#types.has(target.type)) ||
      (content !== undefined && this.#types.has(content.type)) ||
      this.overlay.concerns(target.position)
    )
  }

  /** The records that amendments among these are about. */
  async #targetsOf(events: readonly RecordedEvent[]): Promise<ReadonlyMap<number, EventRow>> {
    const targets = new Map<number, EventRow>()
    for (const event of events) {
      if (!isAmendment(event)) continue
      const { target, edit } = readAmendment(rowOf(event), event.data)
      if (edit === 'insert' || targets.has(target.position)) continue
      const query = { branch: mainBranch, tenant: undefined, after: target.position - 1, limit: 1 }
      const [row] = (await this.#source.log.read(query)).events
      if (row?.position === target.position) targets.set(target.position, row)
    }
    return targets
  }
}

function rowOf(event: RecordedEvent): EventRow {
  return fieldsOf(event) as EventRow
}
