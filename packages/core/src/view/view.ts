import type { AnyEventType } from '../message/event.ts'
import { HeadwaterError } from '../message/errors.ts'
import { deepFreeze } from '../message/freeze.ts'
import type { Fact, FactOf } from '../message/recorded.ts'
import type { Schema } from '../message/schema.ts'

/**
 * When a view is brought up to date, from one and the same definition.
 * - `async`: by a processor, soon after the append; scales, and a query can wait for a position.
 * - `inline`: in the append's own transaction; always current, and slows its appends down.
 * - `live`: at the moment it is read, in memory; stores nothing.
 */
export type ViewLifecycle = 'async' | 'inline' | 'live'

/** The keys of the documents that an event concerns; undefined: none. */
export type ViewKey = string | readonly string[] | undefined

type Named<Types, Type> = Extract<Types, { readonly type: Type }>

/** One fold per event type: the document after the event; null deletes it. */
export type Folds<Events extends AnyEventType, Document> = {
  readonly [Type in Events['type']]: (
    document: Document,
    event: FactOf<Named<Events, Type>>,
    key: string,
  ) => Document | null
}

type NoOthers<Given, Type extends string> = string extends Type
  ? unknown // names made at run time can't be checked
  : {
      readonly [Other in Exclude<keyof Given, Type>]: `${Other & string} is not one of this view's events`
    }

export interface ViewDefinition<Events extends readonly AnyEventType[], Document, Handlers> {
  readonly events: Events
  /** Default: the event's aggregate id. */
  readonly key?: (event: FactOf<Events[number]>) => ViewKey
  /** The document before its first event; a function gets the key. */
  readonly initial: Document | ((key: string) => Document)
  readonly on: Handlers & NoOthers<Handlers, Events[number]['type']>
  /** Paths into the document by which it is filtered or sorted often. */
  readonly indexes?: readonly string[]
  /** Default: `async`. */
  readonly lifecycle?: ViewLifecycle
  readonly description?: string
  /** Describes the documents in the catalog and in OpenAPI; documents are not validated. */
  readonly schema?: Schema<unknown, Document>
}

/** A read model: documents by key, each a fold of the events that concern its key. */
export interface View<
  Name extends string = string,
  Document = unknown,
  Events extends AnyEventType = AnyEventType,
> {
  readonly kind: 'view'
  readonly name: Name
  readonly description: string | undefined
  readonly events: readonly Events[]
  readonly lifecycle: ViewLifecycle
  readonly indexes: readonly string[]
  readonly schema: Schema<unknown, Document> | undefined
  keysOf(fact: Fact): readonly string[]
  initial(key: string): Document
  /** The document after a fact; null: it is gone. */
  fold(document: Document, fact: Fact, key: string): Document | null
}

const noKeys: readonly string[] = Object.freeze([])

/**
 * Defines a view.
 *
 * @throws HeadwaterError `app.invalid`
 */
export function view<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  Document,
  Handlers extends Folds<Events[number], Document>,
>(name: Name, definition: ViewDefinition<Events, Document, Handlers>): View<Name, Document, Events[number]> {
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
    throw new HeadwaterError(
      'app.invalid',
      `${JSON.stringify(name)} names no view: letters, digits, underscores and dashes`,
    )
  }
  const folds = new Map<string, Function>(Object.entries<Function>(definition.on))
  for (const { type } of definition.events) {
    if (typeof folds.get(type) !== 'function')
      throw new HeadwaterError('app.invalid', `View ${name} has no on.${type}`)
  }
  for (const path of definition.indexes ?? []) checkPath(path)
  const { initial } = definition
  const keyOf = definition.key as ((fact: Fact) => ViewKey) | undefined
  return {
    kind: 'view',
    name,
    description: definition.description,
    events: definition.events,
    lifecycle: definition.lifecycle ?? 'async',
    indexes: definition.indexes ?? [],
    schema: definition.schema,
    keysOf: (fact) => {
      const keys = keyOf === undefined ? fact.aggregateId : keyOf(fact)
      if (typeof keys === 'string') return [keys]
      return keys === undefined ? noKeys : keys.length < 2 ? keys : [...new Set(keys)]
    },
    // Frozen, so that a fold that writes into it fails at once and not in another key's document.
    initial: isFunction<Document>(initial) ? initial : constant(deepFreeze(initial)),
    fold: (document, fact, key) => {
      const fold = folds.get(fact.type)
      return fold === undefined ? document : fold(document, fact, key)
    },
  }
}

function constant<T>(value: T): () => T {
  return () => value
}

function isFunction<Document>(
  value: Document | ((key: string) => Document),
): value is (key: string) => Document {
  return typeof value === 'function'
}

/** @throws HeadwaterError `view.invalid-query` */
export function checkPath(path: string): string {
  if (!/^(\$key|[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*)$/.test(path) || path.length > 200) {
    throw new HeadwaterError('view.invalid-query', `Not a path into a document: ${JSON.stringify(path)}`)
  }
  return path
}
