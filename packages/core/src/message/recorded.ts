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
  /** The schema version of `data`: the current one, unless a newer code recorded it. */
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
  /** The schema version it was recorded with; `data` was brought from it to `version`. */
  readonly recordedVersion: number
  /** What an amendment has made of it, where it is read with amendments; undefined: it is as it was recorded. */
  readonly amended: Amended | undefined
  /** The same event as it was recorded, which no amendment has changed and no upcaster has seen. */
  asRecorded(): RecordedEvent<Type>
  toJSON(): EventEnvelope<Type, Data>
}

/** What was said about an event afterwards: who said it, why, and when. */
export interface Amended {
  /** `omit`: it counts no more. `replace`: it is another one. `insert`: it was left out when it happened, and put in later. */
  readonly edit: 'omit' | 'replace' | 'insert'
  /** Of the amendment, itself an event. */
  readonly id: string
  /** Of the amendment: from there on it was known. */
  readonly position: number
  readonly by: string | null
  readonly why: string
  readonly at: Date
  /** Of an inserted event: the revision of the recorded one behind which it stands; 0: it is the first one. */
  readonly behind?: number
}

/** An event on the wire: times as ISO 8601 text. */
export interface EventEnvelope<Type extends string = string, Data = unknown> {
  readonly id: string
  readonly type: Type
  /** The schema version of `data`. */
  readonly version: number
  /** The schema version it was recorded with, where that is another one. */
  readonly recordedVersion?: number
  readonly stream: string
  readonly aggregateId: string
  readonly revision: number
  readonly position: number
  readonly recordedAt: string
  readonly occurredAt: string
  readonly actor: string | null
  readonly correlationId: string | null
  readonly causationId: string | null
  /** Where an amendment has omitted, replaced or inserted it. */
  readonly amended?: Omit<Amended, 'at'> & { readonly at: string }
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
  /** Not kept in the log: what an amendment has made of it. */
  readonly amendment?: AmendmentNote
}

/** What is said in the fields of an event that was amended. */
export interface AmendmentNote {
  readonly edit: Amended['edit']
  /** Of the amendment. */
  readonly fields: Pick<EventFields, 'commandId' | 'ordinal' | 'position' | 'actor' | 'occurredAt'>
  readonly why: string
  /** Of what was inserted: the revision of the record behind which it stands. */
  readonly behind: number | undefined
  /** As it was recorded. */
  readonly original: EventFields
}

/** How the payloads of one event type are read. */
export interface Reading<Fields extends EventFields = EventFields> {
  /** The version that readers get; events of this version and of newer ones are not upcasted. */
  readonly version: number
  /** The payload as it was recorded. */
  decode(fields: Fields): unknown
  /** @throws HeadwaterError `event.upcast-failed` */
  upcast(fields: Fields, data: unknown): unknown
}

/** Reads payloads as they were recorded: nothing is brought to another version. */
export function asRecorded<Fields extends EventFields>(decode: (fields: Fields) => unknown): Reading<Fields> {
  return { version: 0, decode, upcast: (_fields, data) => data }
}

const unread = Symbol('unread')

/**
 * A recorded event over the log's row. Ids, dates and the payload are made when asked for: a replay of a million events
 * pays only for what its folds look at, and a date that a handler changes is nobody else's.
 */
class Recorded implements RecordedEvent {
  readonly #fields: EventFields
  readonly #reading: Reading
  #data: unknown = unread

  constructor(fields: EventFields, reading: Reading) {
    this.#fields = fields
    this.#reading = reading
  }

  static fieldsOf(event: Recorded): EventFields {
    return event.#fields
  }

  get data(): unknown {
    if (this.#data === unread) this.#data = deepFreeze(this.#read())
    return this.#data
  }

  #read(): unknown {
    const data = this.#reading.decode(this.#fields)
    return this.#fields.version < this.#reading.version ? this.#reading.upcast(this.#fields, data) : data
  }

  get id(): string {
    return eventId(this.#fields.commandId, this.#fields.ordinal)
  }
  get type(): string {
    return this.#fields.type
  }
  get version(): number {
    return Math.max(this.#fields.version, this.#reading.version)
  }
  get recordedVersion(): number {
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

  get amended(): Amended | undefined {
    const { amendment } = this.#fields
    if (amendment === undefined) return undefined
    const { edit, why, fields, behind } = amendment
    const { position, actor: by, occurredAt } = fields
    const id = eventId(fields.commandId, fields.ordinal)
    return { edit, id, position, by, why, at: new Date(occurredAt), ...(behind !== undefined && { behind }) }
  }

  asRecorded(): RecordedEvent {
    return new Recorded(
      this.#fields.amendment?.original ?? this.#fields,
      asRecorded((fields) => this.#reading.decode(fields)),
    )
  }

  toJSON(): EventEnvelope {
    const {
      type,
      version: recordedVersion,
      stream,
      revision,
      position,
      recordedAt,
      occurredAt,
      actor,
    } = this.#fields
    const { version, amended } = this
    return {
      id: this.id,
      type,
      version,
      ...(recordedVersion !== version && { recordedVersion }),
      stream,
      aggregateId: this.aggregateId,
      revision,
      position,
      recordedAt: new Date(recordedAt).toISOString(),
      occurredAt: new Date(occurredAt).toISOString(),
      actor,
      correlationId: this.correlationId,
      causationId: this.causationId,
      ...(amended !== undefined && { amended: { ...amended, at: amended.at.toISOString() } }),
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
  reading: Reading<Fields>,
): RecordedEvent {
  return new Recorded(fields, reading as Reading)
}

/** What the log keeps of an event that was read from it. */
export function fieldsOf(event: RecordedEvent): EventFields {
  if (event instanceof Recorded) return Recorded.fieldsOf(event)
  throw new TypeError('This event was not read from a log')
}
