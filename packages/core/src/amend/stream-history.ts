import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { FoldOrder } from '../decide/fold-order.ts'
import { byOccurrence } from './by-occurrence.ts'
import { type Amendment, amendedType, isAmendment, readAmendment } from './amendment.ts'
import { Overlay, type Shown, Weaver } from './overlay.ts'

const pageSize = 500

/** A stream, or the part of it behind a revision, as it was known at some time. */
export interface StreamRange {
  readonly tenant: string
  readonly stream: string
  /** Behind this revision; default 0. */
  readonly after?: number
  /** Up to this revision, amendments included; default: all. */
  readonly to?: number
  /** Up to this position, amendments included; default: all. */
  readonly known?: number | undefined
  readonly branch?: number
}

/** A range whose amendments are known. */
export interface AmendedRange extends StreamRange {
  readonly overlay: Overlay
  /** The last revision that it holds. */
  readonly to: number
  /** The first revision that is amended in it, 0 being the stream's beginning; infinite: none is. */
  readonly firstAmended: number
}

/** Streams with what amendments have made of them. */
export class StreamHistory {
  readonly #log: Pick<Log, 'read' | 'readStream'>
  readonly #decode: (row: EventRow) => RecordedEvent
  /** Up to here no amendment stands in the log; undefined: there is one. */
  #unamendedTo: number | undefined = 0

  constructor(log: Pick<Log, 'read' | 'readStream'>, decode: (row: EventRow) => RecordedEvent) {
    this.#log = log
    this.#decode = decode
  }

  amendment(row: EventRow): Amendment {
    return readAmendment(row, this.#decode(row).data)
  }

  /** Gathers the amendments of a range: reads it once, unless no stream of the log was ever amended. */
  async amendmentsOf(range: StreamRange): Promise<AmendedRange> {
    const overlay = new Overlay()
    let firstAmended = Number.POSITIVE_INFINITY
    // Read before it is asked whether there are amendments: what is recorded in between belongs to neither.
    const revision = Math.min(range.to ?? Infinity, await this.#revisionOf(range))
    if (!(await this.#isAmended(range.branch))) return { ...range, overlay, to: revision, firstAmended }
    let to = range.after ?? 0
    for await (const rows of this.#pages({ ...range, to: revision })) {
      for (const row of rows) {
        to = row.revision
        if (!isAmendment(row)) continue
        const amendment = this.amendment(row)
        overlay.add(amendment)
        firstAmended = Math.min(firstAmended, amendment.target.revision)
      }
    }
    return { ...range, overlay, to, firstAmended }
  }

  /** What stands in a range, page by page, in the order of the effective history. */
  async *rows(
    { overlay, ...range }: AmendedRange,
    show: Shown = 'standing',
  ): AsyncGenerator<readonly EventRow[]> {
    const weaver = new Weaver(overlay, 0, show)
    for await (const rows of this.#pages(range)) {
      yield weaver.weave(rows, rows.at(-1)?.position ?? 0).map(({ row }) => row)
    }
  }

  /** What counts of a range, in the order in which it is folded. */
  standing(range: AmendedRange, order: FoldOrder): AsyncIterable<EventRow> {
    const read = (): AsyncIterable<EventRow> => this.#each(range)
    return order === 'recorded' ? read() : byOccurrence(read, ({ occurredAt }) => occurredAt)
  }

  async *#each(range: AmendedRange): AsyncGenerator<EventRow> {
    for await (const rows of this.rows(range)) yield* rows
  }

  async *#pages(range: StreamRange): AsyncGenerator<readonly EventRow[]> {
    const { branch = mainBranch, tenant, stream, after = 0, to = Infinity, known = Infinity } = range
    for (let last = after, pages = 1; last < to; pages += 1) {
      const limit = Math.min(pageSize, to - last)
      const { events, revision } = await this.#log.readStream({ branch, tenant, stream, after: last, limit })
      const rows = events.filter(({ position }) => position <= known)
      if (rows.length > 0) yield rows
      last = events.at(-1)?.revision ?? revision
      if (rows.length < events.length || last >= revision) return
      // A long stream is read in slices, so that others get their turn.
      if (pages % 4 === 0) await new Promise(setImmediate)
    }
  }

  async #revisionOf({ branch = mainBranch, tenant, stream }: StreamRange): Promise<number> {
    const after = Number.MAX_SAFE_INTEGER
    return (await this.#log.readStream({ branch, tenant, stream, after, limit: 1 })).revision
  }

  async #isAmended(branch = mainBranch): Promise<boolean> {
    if (this.#unamendedTo === undefined || branch !== mainBranch) return true
    for (;;) {
      const query = { branch, tenant: undefined, types: [amendedType], after: this.#unamendedTo, limit: 1 }
      const { events, scannedTo, head } = await this.#log.read(query)
      if (events.length > 0) {
        this.#unamendedTo = undefined
        return true
      }
      this.#unamendedTo = Math.max(this.#unamendedTo, scannedTo)
      if (scannedTo >= head) return false
    }
  }
}
