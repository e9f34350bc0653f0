import type { Inserted, Overlay } from '../../amend/overlay.ts'
import { comparePlaces, compareSlots, type Place, type Slot } from '../../amend/place.ts'
import type { EventRow, Log } from '../../log/port.ts'
import { StreamRows } from './stream-rows.ts'

/** Goes along what counts in a stream; what it has passed may not be amended meanwhile, what lies before it may. */
export class EffectiveRows {
  readonly #rows: StreamRows
  readonly #overlay: Overlay
  /** Up to here, inclusive, it has gone. */
  #at: Place = { slot: -1, order: [], path: [] }
  /** Of the last record that is no amendment. */
  revision = 0

  constructor(log: Pick<Log, 'readStream'>, tenant: string, stream: string, overlay: Overlay) {
    this.#rows = new StreamRows(log, tenant, stream)
    this.#overlay = overlay
  }

  /** The next event that counts before a slot; undefined: there is none. */
  async next(before: Slot): Promise<EventRow | undefined> {
    for (;;) {
      const record = await this.#rows.peekFact()
      const inserted = this.#nextInserted()
      const isRecord = record !== undefined && (inserted === undefined || record.position <= inserted.slot)
      const place = isRecord ? { slot: record.position, order: [], path: [] } : inserted
      const row = isRecord ? record : inserted?.amendment.row
      if (place === undefined || row === undefined || compareSlots(place, before) >= 0) return undefined
      if (isRecord) {
        this.#rows.take()
        this.revision = record.revision
      }
      this.#at = place
      const standing = this.#overlay.standing(row)
      if (standing !== undefined) return standing
    }
  }

  #nextInserted(): Inserted | undefined {
    const { inserts } = this.#overlay
    let low = 0
    let high = inserts.length
    while (low < high) {
      const middle = (low + high) >> 1
      const inserted = inserts[middle]
      if (inserted !== undefined && comparePlaces(inserted, this.#at) <= 0) low = middle + 1
      else high = middle
    }
    return inserts[low]
  }
}
