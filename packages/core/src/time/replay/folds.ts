import { isAmendment } from '../../amend/amendment.ts'
import type { Overlay } from '../../amend/overlay.ts'
import { byOccurrence } from '../../amend/by-occurrence.ts'
import type { Slot } from '../../amend/place.ts'
import type { Aggregate } from '../../decide/aggregate.ts'
import type { StreamStates } from '../../handle/states.ts'
import type { EventRow, Log } from '../../log/port.ts'
import { HeadwaterError } from '../../message/errors.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { type KnownVersions, requireKnown, versionsOf } from '../../message/versions.ts'
import { EffectiveRows } from './effective-rows.ts'
import { StreamRows } from './stream-rows.ts'

export interface FoldParts {
  readonly log: Pick<Log, 'readStream'>
  readonly decode: (row: EventRow) => RecordedEvent
  readonly states: Pick<StreamStates, 'fromScratch'>
}

export interface StreamOf {
  readonly aggregate: Aggregate
  readonly tenant: string
  readonly stream: string
}

/** The state of a stream as it was known at a revision: with the amendments that had been recorded by then. */
export class KnownFold {
  readonly #parts: FoldParts
  readonly #of: StreamOf
  readonly #rows: StreamRows
  readonly #versions: KnownVersions
  #revision = 0
  /** When the last event occurred, where that is the order of folding. */
  #latest = Number.NEGATIVE_INFINITY
  state: unknown
  /** Of the last record. */
  position = 0

  constructor(parts: FoldParts, of: StreamOf) {
    this.#parts = parts
    this.#of = of
    this.#rows = new StreamRows(parts.log, of.tenant, of.stream)
    this.#versions = versionsOf(of.aggregate.events)
    this.state = of.aggregate.initial
  }

  /** @param revision not before those that it was advanced to */
  async advance(revision: number): Promise<void> {
    const { aggregate, tenant, stream } = this.#of
    let isElsewhere = false
    while (this.#revision < revision) {
      const row = await this.#rows.peek()
      if (row === undefined) break
      this.#rows.take()
      this.#revision = row.revision
      this.position = row.position
      // What is said about earlier events, or belongs before them, is folded with all of them.
      isElsewhere ||= isAmendment(row) || row.occurredAt < this.#latest
      if (isElsewhere) continue
      requireKnown(this.#versions, row, `Aggregate ${aggregate.name}`)
      this.state = folded(aggregate, this.state, this.#parts.decode(row))
      if (aggregate.order === 'occurred') this.#latest = row.occurredAt
    }
    if (!isElsewhere) return
    const { states } = this.#parts
    const { state, latest } = await states.fromScratch(aggregate, tenant, stream, this.#revision)
    this.state = state
    if (aggregate.order === 'occurred') this.#latest = latest ?? Number.NEGATIVE_INFINITY
  }
}

/** The state of a stream as it counts before a slot: with all amendments, those that are added on the way included. */
export class EffectiveFold {
  readonly #parts: FoldParts
  readonly #of: StreamOf
  readonly #overlay: Overlay
  readonly #versions: KnownVersions
  #rows: EffectiveRows
  /** When the last event occurred, where that is the order of folding. */
  #latest = Number.NEGATIVE_INFINITY
  state: unknown

  constructor(parts: FoldParts, of: StreamOf, overlay: Overlay) {
    this.#parts = parts
    this.#of = of
    this.#overlay = overlay
    this.#versions = versionsOf(of.aggregate.events)
    this.#rows = this.#begin()
    this.state = of.aggregate.initial
  }

  /** Of the last record before the slot that is no amendment. */
  get revision(): number {
    return this.#rows.revision
  }

  /** @param to not before those that it was advanced to */
  async advance(to: Slot): Promise<void> {
    const isSorted = this.#of.aggregate.order === 'occurred'
    for (let row = await this.#rows.next(to); row !== undefined; row = await this.#rows.next(to)) {
      if (isSorted && row.occurredAt < this.#latest) return this.#sort(to)
      this.#fold(row)
    }
  }

  /** From the first event, in the order in which they occurred. */
  async #sort(to: Slot): Promise<void> {
    this.#rows = this.#begin()
    this.state = this.#of.aggregate.initial
    const all = async function* (rows: EffectiveRows): AsyncGenerator<EventRow> {
      for (let row = await rows.next(to); row !== undefined; row = await rows.next(to)) yield row
    }
    // It may be read twice: the rows that are gone through last are those that are gone on with.
    const begin = (): AsyncIterable<EventRow> => all((this.#rows = this.#begin()))
    for await (const row of byOccurrence(begin, ({ occurredAt }) => occurredAt)) this.#fold(row)
  }

  #fold(row: EventRow): void {
    const { aggregate } = this.#of
    requireKnown(this.#versions, row, `Aggregate ${aggregate.name}`)
    this.state = folded(aggregate, this.state, this.#parts.decode(row))
    this.#latest = row.occurredAt
  }

  #begin(): EffectiveRows {
    const { tenant, stream } = this.#of
    return new EffectiveRows(this.#parts.log, tenant, stream, this.#overlay)
  }
}

/** @throws HeadwaterError `amendment.unfoldable` */
function folded(aggregate: Aggregate, state: unknown, event: RecordedEvent): unknown {
  try {
    return aggregate.evolve(state, event)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const { id, type, stream } = event
    const message = `Aggregate ${aggregate.name} could not fold the ${type} ${id} of ${stream}: ${why}`
    throw new HeadwaterError('amendment.unfoldable', message, { cause, details: { stream, type } })
  }
}
