import type { EventRow } from '@headwater/core'
import { encodedOf } from './encoded.ts'
import { filled, statementsOf } from './sql.ts'

const sql = statementsOf('log')

/** The columns of an event in the order in which they are read. */
const eventColumns = `position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at, occurred_at,
  actor, correlation_id, causation_id, data, data_bytes`

type EventColumns = [
  position: number,
  tenant: string,
  stream: string,
  revision: number,
  type: string,
  version: number,
  commandId: string,
  ordinal: number,
  recordedAt: number,
  occurredAt: number,
  actor: string | null,
  correlationId: string | null,
  causationId: string | null,
  data: string | null,
  dataBytes: Uint8Array | null,
]

/** A row of a page: how far the log or the stream goes and how far was looked, then the event; nulls where there is none. */
export type PageColumns =
  | [end: number, until: number, ...event: EventColumns]
  | [end: number, until: number, none: null]

/** The events of a page. */
export function eventsOf(rows: readonly PageColumns[]): EventRow[] {
  const events: EventRow[] = []
  for (const columns of rows) if (columns[2] !== null) events.push(eventRow(columns))
  return events
}

function eventRow(columns: [end: number, until: number, ...event: EventColumns]): EventRow {
  return {
    position: columns[2],
    tenant: columns[3],
    stream: columns[4],
    revision: columns[5],
    type: columns[6],
    version: columns[7],
    commandId: columns[8],
    ordinal: columns[9],
    recordedAt: columns[10],
    occurredAt: columns[11],
    actor: columns[12],
    correlationId: columns[13],
    causationId: columns[14],
    data: encodedOf(columns[15], columns[16]),
  }
}

/** A page ends at the event with which it holds so many bytes of payload, so that it doesn't fill the memory. */
const pageBytes = 4 * 1024 * 1024

/** A page holds so many events at most. */
export const largestPage = 1_000

/**
 * A statement that reads a page: with a place for what it reads.
 *
 * @param events selects whole events, in order
 */
export function pageStatement(
  name: string,
  events: string,
  places: Readonly<Record<string, string>> = {},
): string {
  const page = filled(sql('cut'), { columns: eventColumns, events, bytes: String(pageBytes) })
  return filled(sql(name), { ...places, page })
}

/** Whether a page may end before what was asked for: it is as long as it may be, or held about so many bytes. */
export function isFull(events: readonly EventRow[], limit: number): boolean {
  if (events.length >= limit) return true
  let units = 0
  for (const { data } of events) units += data.length
  // A character is three bytes at most. Whoever takes a page for full that is not reads on, and finds nothing.
  return units * 3 >= pageBytes
}
