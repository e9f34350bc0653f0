import { asRecorded, recordedEvent, type Reading, type RecordedEvent } from '../message/recorded.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import { eventId } from '../message/identity.ts'
import type { EventRow } from './port.ts'

/**
 * Makes events of the log's rows: the one place in which payloads are decoded and brought to the versions that this app
 * knows, so that no reader can meet an old one. Events of types that the app doesn't know are as they were recorded.
 */
export class EventReader {
  readonly #readings = new Map<string, Reading<EventRow>>()
  readonly #asRecorded: Reading<EventRow>

  constructor(codec: PayloadCodec, types: Iterable<AnyEventType>) {
    const decode = ({ type, version, data }: EventRow): unknown => codec.decode('event', type, version, data)
    this.#asRecorded = asRecorded(decode)
    for (const type of types) {
      const upcast = (row: EventRow, data: unknown): unknown => upcastRow(type, row, data)
      this.#readings.set(type.type, { version: type.version, decode, upcast })
    }
  }

  read(row: EventRow): RecordedEvent {
    return recordedEvent(row, this.#readings.get(row.type) ?? this.#asRecorded)
  }
}

function upcastRow(type: AnyEventType, row: EventRow, data: unknown): unknown {
  try {
    return type.upcast(row.version, data)
  } catch (error) {
    if (!isHeadwaterError(error, 'event.upcast-failed')) throw error
    const { position, stream, revision } = row
    throw new HeadwaterError(
      error.code,
      `${error.message} (position ${position}, ${stream} at ${revision})`,
      {
        cause: error.cause,
        details: { ...error.details, id: eventId(row.commandId, row.ordinal), position, stream, revision },
      },
    )
  }
}
