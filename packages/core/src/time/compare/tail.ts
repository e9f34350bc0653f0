import { type Amendment, isAmendment, readAmendment } from '../../amend/amendment.ts'
import type { EventRow, Log } from '../../log/port.ts'
import type { RecordedEvent } from '../../message/recorded.ts'
import { mergedType } from './merged.ts'

/** What one side of a comparison recorded after the place up to which both are one. */
export interface Tail {
  readonly records: readonly TailRecord[]
  /** False: there is more. */
  readonly isWhole: boolean
}

export interface TailRecord {
  readonly row: EventRow
  readonly event: RecordedEvent
  /** Undefined: the record is an event of the domain. */
  readonly amendment: Amendment | undefined
}

export interface TailQuery {
  readonly branch: number
  readonly tenant: string
  readonly after: number
  /** So many records at most. */
  readonly limit: number
  /** The last position that is looked at. */
  readonly to: number
}

const pageSize = 500

export async function readTail(
  log: Pick<Log, 'read'>,
  decode: (row: EventRow) => RecordedEvent,
  { branch, tenant, after, limit, to }: TailQuery,
): Promise<Tail> {
  const records: TailRecord[] = []
  let scannedTo = after
  while (scannedTo < to) {
    const page = await log.read({ branch, tenant, after: scannedTo, to, limit: pageSize })
    for (const row of page.events) {
      if (row.type === mergedType) continue
      if (records.length === limit) return { records, isWhole: false }
      const event = decode(row)
      records.push({ row, event, amendment: isAmendment(row) ? readAmendment(row, event.data) : undefined })
    }
    if (page.scannedTo <= scannedTo) break
    scannedTo = page.scannedTo
  }
  return { records, isWhole: true }
}

/** The records that another tail doesn't have: what was merged keeps its id. */
export function without(tail: Tail, other: Tail): readonly TailRecord[] {
  const known = new Set(other.records.map(({ event }) => event.id))
  return tail.records.filter(({ event }) => !known.has(event.id))
}
