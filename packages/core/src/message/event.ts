import { HeadwaterError } from './errors.ts'
import { deepFreeze } from './freeze.ts'
import { parse, type InputOf, type OutputOf, type Schema } from './schema.ts'

/** What kind of fact it is: something changed, was done, a time came, or a view's value passed a limit. */
export type EventKind = 'state-change' | 'action-performed' | 'time-elapsed' | 'threshold-crossed'

/** An event that was made but not yet recorded: frozen. */
export interface NewEvent<Type extends string = string, Data = unknown> {
  readonly type: Type
  readonly version: number
  readonly data: Data
  /** When it happened in the world; default: the command's time. */
  readonly occurredAt: Date | undefined
  readonly tags: readonly string[]
}

export interface EventOptions<Data> {
  /** The schema's version, from 1; raise it when old events no longer match the schema. Default 1. */
  readonly version?: number
  readonly description?: string
  /** `public` events may leave their context (brokers, clients); default `internal`. */
  readonly visibility?: 'internal' | 'public'
  readonly kind?: EventKind
  /** Tags by which append conditions and queries find events, such as `customer:17`. Opt-in: each costs an index row. */
  readonly tags?: (data: Data) => readonly string[]
}

/** An event type is a function that makes frozen events of it. */
export interface EventType<Type extends string = string, Data = unknown, Input = never> {
  /** @throws HeadwaterError `event.invalid` */
  (data: Input, options?: { readonly occurredAt?: Date }): NewEvent<Type, Data>
  readonly kind: 'event'
  readonly type: Type
  readonly version: number
  readonly schema: Schema<unknown, Data>
  readonly description: string | undefined
  readonly visibility: 'internal' | 'public'
  readonly eventKind: EventKind
}

export type AnyEventType = EventType

/** The data that events of a type hold. */
export type EventData<E> = E extends { readonly kind: 'event'; readonly schema: Schema<unknown, infer Data> }
  ? Data
  : never

/** What a decision may return for the event types `E`. */
export type NewEventOf<E> = E extends { readonly kind: 'event'; readonly type: infer Type extends string }
  ? NewEvent<Type, EventData<E>>
  : never

const noTags: readonly string[] = Object.freeze([])

/**
 * Defines an event type.
 *
 * @param type a unique name in the past tense: `OrderPlaced`, `user.created`
 * @param schema any Standard Schema; its output is what is recorded
 * @throws HeadwaterError `app.invalid` for a name that is no name or a version that is no positive integer
 */
export function event<const Type extends string, S extends Schema>(
  type: Type,
  schema: S,
  options: EventOptions<OutputOf<S>> = {},
): EventType<Type, OutputOf<S>, InputOf<S>> {
  const version = options.version ?? 1
  checkTypeName('event', type)
  if (!Number.isInteger(version) || version < 1) {
    throw new HeadwaterError(
      'app.invalid',
      `The version of event ${type} is not a positive integer: ${version}`,
    )
  }
  const what = `Event ${type}`
  const create = (input: InputOf<S>, given?: { readonly occurredAt?: Date }): NewEvent<Type, OutputOf<S>> => {
    const data = deepFreeze(parse(schema, input, 'event.invalid', what) as OutputOf<S>)
    const tags = options.tags === undefined ? noTags : Object.freeze([...options.tags(data)])
    return Object.freeze({ type, version, data, occurredAt: given?.occurredAt, tags })
  }
  return Object.assign(create, {
    kind: 'event' as const,
    type,
    version,
    schema: schema as Schema<unknown, OutputOf<S>>,
    description: options.description,
    visibility: options.visibility ?? 'internal',
    eventKind: options.kind ?? 'state-change',
  })
}

/** @throws HeadwaterError `app.invalid` */
export function checkTypeName(kind: string, name: string): void {
  if (!/^[A-Za-z][A-Za-z0-9._]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no ${kind}: begin with a letter; letters, digits, dots and underscores may follow`,
    )
  }
}
