import type { EventData } from './event.ts'
import { deepFreeze } from './freeze.ts'
import { eventId } from './identity.ts'
import { aggregateIdOf } from './stream.ts'

/**
 * What folds see of an event: what it says, not where the log put it. A fold that can't see positions gives the same
 * result inline, afterwards, on a branch and in a rebuild.
 */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly id: string
  readonly type: Type
  /** The version of its schema. */
  readonly version: number
  readonly stream: string
  readonly aggregateId: string
  /** Its number in its stream, from 1, without gaps. */
  readonly revision: number
  readonly tenant: string
  readonly occurredAt: Date
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  readonly data: Data
}

/** A fact with its place in the log. */
export interface RecordedEvent<Type extends string = string, Data = unknown> extends Fact<Type, Data> {
  /** Its number in the log, from 1, without gaps, in the order of commits. */
  readonly position: number
  readonly recordedAt: Date
  toJSON(): EventEnvelope<Type, Data>
}

/** An event on the wire: times as ISO 8601 text. */
export interface EventEnvelope<Type extends string = string, Data = unknown> {
  readonly id: string
  readonly type: Type
  readonly version: number
  readonly stream: string
  readonly aggregateId: string
  readonly revision: number
  readonly position: number
  readonly recordedAt: string
  readonly occurredAt: string
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  readonly data: Data
}

/** The fact that an event type `E` records. */
export type FactOf<E> = E extends { readonly kind: 'event'; readonly type: infer Type extends string }
  ? Fact<Type, EventData<E>>
  : never
export type RecordedEventOf<E> = E extends {
  readonly kind: 'event'
  readonly type: infer Type extends string
}
  ? RecordedEvent<Type, EventData<E>>
  : never

/** What the log keeps of an event beside its payload; times are epoch milliseconds. */
export interface EventFields {
  readonly position: number
  readonly tenant: string
  readonly stream: string
  readonly revision: number
  readonly type: string
  readonly version: number
  readonly commandId: string
  readonly ordinal: number
  readonly recordedAt: number
  readonly occurredAt: number
  readonly actor: string | null
  /** Null: the command's id. */
  readonly correlationId: string | null
  /** Null: the command's id. Empty: nothing caused it. */
  readonly causationId: string | null
}

/** Decodes the payload of an event. */
export type DecodeData = (fields: EventFields) => unknown

/**
 * A recorded event over the log's row. Ids, dates and the payload are made when asked for: a replay of a million events
 * pays only for what its folds look at, and a date that a handler changes is nobody else's.
 */
class Recorded implements RecordedEvent {
  readonly #fields: EventFields
  #decode: DecodeData | undefined
  #data: unknown

  constructor(fields: EventFields, decode: DecodeData) {
    this.#fields = fields
    this.#decode = decode
  }

  get data(): unknown {
    if (this.#decode !== undefined) {
      this.#data = deepFreeze(this.#decode(this.#fields))
      this.#decode = undefined
    }
    return this.#data
  }

  get id(): string {
    return eventId(this.#fields.commandId, this.#fields.ordinal)
  }
  get type(): string {
    return this.#fields.type
  }
  get version(): number {
    return this.#fields.version
  }
  get stream(): string {
    return this.#fields.stream
  }
  get aggregateId(): string {
    return aggregateIdOf(this.#fields.stream)
  }
  get revision(): number {
    return this.#fields.revision
  }
  get position(): number {
    return this.#fields.position
  }
  get tenant(): string {
    return this.#fields.tenant
  }
  get recordedAt(): Date {
    return new Date(this.#fields.recordedAt)
  }
  get occurredAt(): Date {
    return new Date(this.#fields.occurredAt)
  }
  get actor(): string | null {
    return this.#fields.actor
  }
  get correlationId(): string | null {
    return this.#fields.correlationId ?? this.#fields.commandId
  }
  get causationId(): string | null {
    return this.#fields.causationId === null ? this.#fields.commandId : this.#fields.causationId || null
  }

  toJSON(): EventEnvelope {
    const { type, version, stream, revision, position, recordedAt, occurredAt, actor } = this.#fields
    return {
      id: this.id,
      type,
      version,
      stream,
      aggregateId: this.aggregateId,
      revision,
      position,
      recordedAt: new Date(recordedAt).toISOString(),
      occurredAt: new Date(occurredAt).toISOString(),
      actor,
      correlationId: this.correlationId,
      causationId: this.causationId,
      data: this.data,
    }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): EventEnvelope {
    return this.toJSON()
  }
}

/** Wraps a row of the log; its payload is decoded, once, when somebody looks at it. */
export function recordedEvent<Fields extends EventFields>(
  fields: Fields,
  decode: (fields: Fields) => unknown,
): RecordedEvent {
  return new Recorded(fields, decode as DecodeData)
}
