import { createHash } from 'node:crypto'
import { eventId, type EventRow, type RecordedEvent } from '@headwater/core'

/** Six bytes of what an event says and where it stands in its stream, as eight letters. */
export function digestOf(
  event: Pick<RecordedEvent, 'tenant' | 'stream' | 'revision' | 'type' | 'id' | 'data'>,
): string {
  return digest(event, event.id, JSON.stringify(event.data))
}

/** The same of a row of the log. */
export function digestOfRow(row: EventRow): string {
  return digest(row, eventId(row.commandId, row.ordinal), textOf(row))
}

/** The payload of an event: those of a soak are text. */
export function textOf({ data }: Pick<EventRow, 'data'>): string {
  return typeof data === 'string' ? data : Buffer.from(data).toString()
}

function digest(
  { tenant, stream, revision, type }: Pick<RecordedEvent, 'tenant' | 'stream' | 'revision' | 'type'>,
  id: string,
  data: string,
): string {
  const text = JSON.stringify([tenant, stream, revision, type, id, data])
  return createHash('md5').update(text).digest('base64url').slice(0, 8)
}
