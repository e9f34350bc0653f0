import type { EventRow } from '@headwater/core'
import { encoded } from './reader.ts'

/** The columns of an event in the order in which they are read. */
export const eventColumns =
  'position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at, occurred_at, actor, correlation_id, causation_id, data'

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
  data: string | Buffer,
]

function eventRow(columns: EventColumns): EventRow {
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
    data: encoded(columns[13]),
  }
}

/** A page holds about so many bytes at most, so that large payloads don't fill the memory. At least one event. */
const pageBytes = 4 * 1024 * 1024

/** Takes rows until the page is full; `full` says that there may be more. */
export function takePage(rows: Iterable<EventColumns>, limit: number): { events: EventRow[]; full: boolean } {
  const events: EventRow[] = []
  let bytes = 0
  for (const columns of rows) {
    events.push(eventRow(columns))
    bytes += columns[13].length
    if (bytes >= pageBytes || events.length >= limit) return { events, full: true }
  }
  return { events, full: false }
}
