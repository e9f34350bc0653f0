import type { EventRow } from '@headwater/core'
import { encoded } from './reader.ts'

/**
 * The columns of an event in the order in which they are read. A page is read in one call, the fastest way, so a large
 * payload must not come with it: it is fetched by itself when the page has room for it.
 */
export const eventColumns = `position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at, occurred_at,
  actor, correlation_id, causation_id, CASE WHEN octet_length(data) <= 16384 THEN data END`

export type EventColumns = [
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
  data: string | Buffer | null,
]

function eventRow(columns: EventColumns, data: string | Buffer): EventRow {
  return {
    position: columns[0],
    tenant: columns[1],
    stream: columns[2],
    revision: columns[3],
    type: columns[4],
    version: columns[5],
    commandId: columns[6],
    ordinal: columns[7],
    recordedAt: columns[8],
    occurredAt: columns[9],
    actor: columns[10],
    correlationId: columns[11],
    causationId: columns[12],
    data: encoded(data),
  }
}

/** A page holds about so many bytes at most, so that large payloads don't fill the memory. At least one event. */
const pageBytes = 4 * 1024 * 1024

/** A page is read in calls of at most so many events. */
export const largestPage = 1_000

/**
 * Takes rows until the page is full; `full` says that there may be more.
 *
 * @param fetch the payload of an event that is too large to come with its page
 */
export function takePage(
  rows: readonly EventColumns[],
  limit: number,
  fetch: (position: number) => string | Buffer,
): { events: EventRow[]; full: boolean } {
  const events: EventRow[] = []
  let bytes = 0
  for (const columns of rows) {
    const data = columns[13] ?? fetch(columns[0])
    events.push(eventRow(columns, data))
    bytes += data.length
    if (bytes >= pageBytes) return { events, full: true }
  }
  return { events, full: events.length >= Math.min(limit, largestPage) }
}
