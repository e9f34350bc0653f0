import type { App } from '../app/definition.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'

/** New events for a stream that is not the old event's own. */
export interface Elsewhere {
  readonly kind: 'elsewhere'
  readonly stream: string
  readonly events: readonly NewEvent[]
}

/** The old event has no place in the new log. */
export interface Dropped {
  readonly kind: 'dropped'
  readonly reason: string
}

/** What the old event says is said by the new events of another one, which came before it or in its own transaction. */
export interface Merged {
  readonly kind: 'merged'
  readonly into: RecordedEvent
}

/** The old event is copied as if it had no rule. */
export interface Kept {
  readonly kind: 'kept'
}

/** What becomes of an old event: new events, in its stream or elsewhere, or none, for a reason. */
export type Rewritten = NewEvent | Elsewhere | readonly (NewEvent | Elsewhere)[] | Kept | Dropped | Merged

/** What a rule may look at, and what it may answer beside new events. */
export interface Rewriting {
  /** All old events of the same transaction, this one included: what one command recorded. */
  readonly transaction: readonly RecordedEvent[]
  /** Those of them that are of a type; `type` is one of the migration's `from`. */
  siblings<Event extends AnyEventType>(type: Event): readonly RecordedEventOf<Event>[]
  /** All old events of this one's stream, later ones included; or those of a type. */
  history(): AsyncIterable<RecordedEvent>
  history<Event extends AnyEventType>(type: Event): AsyncIterable<RecordedEventOf<Event>>
  keep(): Kept
  /** @param reason why it has no place in the new log; it stands in the map for good */
  drop(reason: string): Dropped
  /** @param into an old event that came before this one, or in its own transaction, and that new events are made of */
  merge(into: RecordedEvent): Merged
  /** @param stream where the events go, in place of the old event's own stream */
  on(stream: string, events: NewEvent | readonly NewEvent[]): Elsewhere
}

/** Pure: the same old log gives the same new one, or a copy that was interrupted could not go on. */
export type MigrationRule<Event> = (event: Event, rewriting: Rewriting) => Rewritten | Promise<Rewritten>

type Named<Types, Type> = Extract<Types, { readonly type: Type }>

type NoOthers<Given, Type extends string> = string extends Type
  ? unknown
  : {
      readonly [Other in Exclude<
        keyof Given,
        Type
      >]: `${Other & string} is not one of the event types in "from"`
    }

/** One rule per event type, for those that are not simply copied. */
export type MigrationRules<Events extends AnyEventType> = {
  readonly [Type in Events['type']]?: MigrationRule<RecordedEventOf<Named<Events, Type>>>
}

export interface MigrationDefinition<From extends readonly AnyEventType[], Rules> {
  /** The app that will run on the new log: it knows every event in there. */
  readonly app: App
  /** The event types that have rules, as the rules read them: as they are today, or as they once were. */
  readonly from: From
  readonly events: Rules & NoOthers<Rules, From[number]['type']>
  /** The new name of a stream; default: its old one. What one stream becomes, no other may become. */
  readonly streams?: (stream: string) => string
}

/** How an old log becomes a new one. */
export interface Migration {
  readonly kind: 'migration'
  readonly app: App
  readonly from: readonly AnyEventType[]
  readonly rules: ReadonlyMap<string, MigrationRule<RecordedEvent>>
  readonly streams: (stream: string) => string
}

/**
 * Defines a migration. Events without a rule are copied, those of an older version brought to the current one, so that the
 * new log needs none of the upcasters that led to it.
 *
 * @throws HeadwaterError `app.invalid` for a rule of an event type that `from` does not hold, or that is no function
 */
export function migration<
  const From extends readonly AnyEventType[],
  Rules extends MigrationRules<From[number]>,
>(definition: MigrationDefinition<From, Rules>): Migration {
  const rules = new Map(Object.entries<unknown>(definition.events))
  const known = new Set(definition.from.map(({ type }) => type))
  for (const [type, rule] of rules) {
    if (known.has(type) && typeof rule === 'function') continue
    throw new HeadwaterError(
      'app.invalid',
      known.has(type)
        ? `The migration's rule for ${type} is no function`
        : `The migration has a rule for ${type}, which is not one of the event types in "from"`,
    )
  }
  return {
    kind: 'migration',
    app: definition.app,
    from: definition.from,
    rules: rules as ReadonlyMap<string, MigrationRule<RecordedEvent>>,
    streams: definition.streams ?? ((stream) => stream),
  }
}
