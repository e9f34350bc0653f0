import { jsonCodec } from '../message/codec.ts'
import type { NewEvent } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { EventReader } from '../log/event-reader.ts'
import { rowsOf } from '../log/rows.ts'
import { appendRequest } from '../handle/request.ts'
import type { Setting } from './setting.ts'

/** What an event gets from what it is recorded by. */
export interface RecordedBy extends Omit<Setting, 'outside'> {
  readonly commandId: string
  /** Null: the command's. */
  readonly correlationId: string | null
  /** Null: the command's id. Empty: nothing caused it. */
  readonly causationId: string | null
}

/** Makes recorded events of new ones as a log would, without one. */
export class History {
  #position = 0
  readonly #revisions = new Map<string, number>()
  readonly #reader = new EventReader(jsonCodec, [])

  /** The events as they will be read: through the codec, with revisions and positions. */
  record(stream: string, events: readonly NewEvent[], by: RecordedBy): readonly RecordedEvent[] {
    const origin = { ...by, occurredAt: by.now }
    const request = appendRequest(jsonCodec, origin, [{ stream, expected: 'any', events }], null)
    const revision = this.revisionOf(by.tenant, stream) + events.length
    const rows = [...rowsOf(request, this.#position + 1, by.now, [revision])]
    this.#revisions.set(keyOf(by.tenant, stream), revision)
    this.#position += events.length
    return rows.map((row) => this.#reader.read(row))
  }

  revisionOf(tenant: string, stream: string): number {
    return this.#revisions.get(keyOf(tenant, stream)) ?? 0
  }
}

function keyOf(tenant: string, stream: string): string {
  return `${tenant}\u0000${stream}`
}

/** What JSON makes of a value: a date is text, undefined is gone. */
export function asStored(value: unknown): unknown {
  return jsonCodec.decode('document', '', 1, jsonCodec.encode('document', '', 1, value))
}
