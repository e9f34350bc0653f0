import type { AnyEventType, EventData } from '../message/event.ts'

/** A description of a value by some of its parts: what isn't named may be anything. */
export class Likeness<Value = unknown> {
  readonly part: unknown
  /** Never there: it tells the compiler of what this is a description. */
  declare readonly of?: (value: Value) => void

  constructor(part: unknown) {
    this.part = part
  }
}

/** An event described by its type and some of its data and fields. */
export class EventLikeness<Type extends string = string> {
  readonly type: Type
  readonly data: Likeness
  readonly fields: EventFieldsLike

  constructor(type: Type, data: unknown, fields: EventFieldsLike) {
    this.type = type
    this.data = new Likeness(data)
    this.fields = fields
  }
}

/** What a description may say of an event beside its data. */
export interface EventFieldsLike {
  readonly id?: string
  readonly actor?: string | null
  readonly occurredAt?: Date
  readonly correlationId?: string | null
  readonly causationId?: string | null
  readonly stream?: string
  readonly revision?: number
  readonly version?: number
}

/** Some parts of a value; in the place of any part a function that says whether it will do. A list is described whole. */
export type Part<Value> =
  | ((value: Value) => boolean)
  | (Value extends readonly (infer Item)[]
      ? readonly Part<Item>[]
      : Value extends object
        ? { readonly [Field in keyof Value]?: Part<Value[Field]> }
        : Value)

/**
 * Describes an expected value by some of its parts.
 *
 * @example
 * .then(like(OrderPlaced, { total: 700, placedBy: (id) => id.startsWith('user-') }))
 * .thenState(like({ status: 'paid' }))
 */
export function like<const Event extends AnyEventType>(
  type: Event,
  data?: Part<EventData<Event>>,
  fields?: EventFieldsLike,
): EventLikeness<Event['type']>
export function like<Value>(part: NoInfer<Part<Value>>): Likeness<Value>
export function like(
  what: unknown,
  data: unknown = {},
  fields: EventFieldsLike = {},
): Likeness | EventLikeness {
  return isEventType(what) ? new EventLikeness(what.type, data, fields) : new Likeness(what)
}

function isEventType(value: unknown): value is AnyEventType {
  return typeof value === 'function' && 'kind' in value && value.kind === 'event'
}
