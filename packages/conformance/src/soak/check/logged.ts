import { aggregateIdOf, eventId, type EventRow } from '@headwater/core'
import { digestOfRow, textOf } from '../digest.ts'

/** An event of the log as checkers see it. */
export interface Logged {
  readonly position: number
  readonly tenant: string
  readonly stream: string
  readonly aggregateId: string
  readonly revision: number
  readonly type: string
  readonly id: string
  readonly commandId: string
  readonly ordinal: number
  readonly recordedAt: number
  readonly occurredAt: Date
  readonly cause: string | null
  readonly data: unknown
  readonly digest: string
}

export function logged(row: EventRow): Logged {
  const { position, tenant, stream, revision, type, commandId, ordinal, recordedAt, causationId } = row
  return {
    position,
    tenant,
    stream,
    aggregateId: aggregateIdOf(stream),
    revision,
    type,
    id: eventId(commandId, ordinal),
    commandId,
    ordinal,
    recordedAt,
    occurredAt: new Date(row.occurredAt),
    cause: causationId,
    data: JSON.parse(textOf(row)),
    digest: digestOfRow(row),
  }
}
