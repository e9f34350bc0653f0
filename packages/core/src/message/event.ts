import { HeadwaterError } from './errors.ts'
import { deepFreeze } from './freeze.ts'
import { parse, type InputOf, type OutputOf, type Schema } from './schema.ts'
import {
  upcastOf,
  type DataOfVersions,
  type Steps,
  type Upcasters,
  type WithAllSteps,
  type WithoutOtherSteps,
} from './upcast.ts'

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
  readonly description?: string
  /** `public` events may leave their context (brokers, clients); default `internal`. */
  readonly visibility?: 'internal' | 'public'
  readonly kind?: EventKind
  /** Tags by which append conditions and queries find events, such as `customer:17`. Opt-in: each costs an index row. */
  readonly tags?: (data: Data) => readonly string[]
}

export interface VersionOptions<Data, Version extends number, Olds> {
  /** The schema's version, from 1; raise it when old events no longer match the schema. Default 1. */
  readonly version?: Version
  /**
   * How data of each older version becomes that of the next: `{ 1: (old: V1): V2 => …, 2: (old: V2) => … }`. Pure: every
   * reader of every old event calls it, as often as it looks.
   */
  readonly upcast?: Upcasters<Olds, Version, Data>
}

export interface NewEventOptions {
  /** When it happened in the world; default: the command's time. */
  readonly occurredAt?: Date
}

/** An event type is a function that makes frozen events of it. */
export interface EventType<Type extends string = string, Data = unknown, Input = never, Versions = object> {
  /** @throws HeadwaterError `event.invalid` */
  (data: Input, options?: NewEventOptions): NewEvent<Type, Data>
  /**
   * Makes an event of data as a version of the schema had it: brought to the current version, then validated.
   *
   * @throws HeadwaterError `event.invalid`, `event.upcast-failed`, `event.newer-version`
   */
  from<Version extends keyof Versions>(
    version: Version,
    data: Versions[Version],
    options?: NewEventOptions,
  ): NewEvent<Type, Data>
  /**
   * Brings recorded data to the current version, unvalidated: what was recorded was valid then.
   *
   * @throws HeadwaterError `event.upcast-failed`, `event.newer-version`
   */
  upcast(version: number, data: unknown): unknown
  readonly kind: 'event'
  readonly type: Type
  readonly version: number
  readonly schema: Schema<unknown, Data>
  readonly description: string | undefined
  readonly visibility: 'internal' | 'public'
  readonly eventKind: EventKind
  /** The tags of an event; undefined: events of this type have none. */
  readonly tagsOf: ((data: never) => readonly string[]) | undefined
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
 * @throws HeadwaterError `app.invalid` for a name that is no name, a version that is no positive integer, or one without
 *   all of its upcasters
 */
export function event<
  const Type extends string,
  S extends Schema,
  const Version extends number = 1,
  Olds = object,
>(
  type: Type,
  schema: S,
  options?: EventOptions<OutputOf<S>> &
    VersionOptions<OutputOf<S>, Version, Olds> &
    WithAllSteps<Version> &
    WithoutOtherSteps<Olds, Version>,
): EventType<Type, OutputOf<S>, InputOf<S>, DataOfVersions<Olds, Version, InputOf<S>>> {
  const {
    description,
    visibility = 'internal',
    kind = 'state-change',
    tags: tagsOf,
  }: EventOptions<OutputOf<S>> = options ?? {}
  const { version = 1, upcast: steps = {} }: { version?: number; upcast?: Steps } = options ?? {}
  checkTypeName('event', type)
  const upcast = upcastOf(type, version, steps)
  const what = `Event ${type}`
  const create = (input: unknown, given?: NewEventOptions): NewEvent<Type, OutputOf<S>> => {
    const data = deepFreeze(parse(schema, input, 'event.invalid', what) as OutputOf<S>)
    const tags = tagsOf === undefined ? noTags : Object.freeze([...tagsOf(data)])
    return Object.freeze({ type, version, data, occurredAt: given?.occurredAt, tags })
  }
  return Object.assign(create, {
    kind: 'event' as const,
    type,
    version,
    upcast,
    from: (from: number, data: unknown, given?: NewEventOptions) => create(upcast(from, data), given),
    schema: schema as Schema<unknown, OutputOf<S>>,
    description,
    visibility,
    eventKind: kind,
    tagsOf,
  })
}

/**
 * Makes an event of data from outside, of a type and a version that are known at run time only.
 *
 * @throws HeadwaterError `event.invalid`, `event.upcast-failed`, `event.newer-version`
 */
export function eventFrom(
  type: AnyEventType,
  version: number,
  data: unknown,
  options?: NewEventOptions,
): NewEvent {
  return type.from(version as never, data as never, options)
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
