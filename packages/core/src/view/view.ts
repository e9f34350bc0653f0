import { FactContext, type FoldContext, lookupWritten, type RuleLookup } from '../decide/rule-book.ts'
import type { AnyEventType } from '../message/event.ts'
import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError } from '../message/errors.ts'
import { deepFreeze } from '../message/freeze.ts'
import type { ViewDatabase } from '../log/view-store.ts'
import type { Fact, FactOf } from '../message/recorded.ts'
import type { Schema } from '../message/schema.ts'
import type { SqlProjection } from './sql-projection.ts'
import { versionsAsCode } from '../message/upcast.ts'
import { checkPartitionCount } from '../log/partitions.ts'

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
    context: FoldContext,
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
  /**
   * The inverse of each fold: the document as if the event had not been there. With it an amendment takes the old event out
   * and puts the right one in, whatever came in between; without it the documents that it concerns are folded anew. Only
   * where events may be folded in any order, as in sums of whole numbers: fractions leave a rest.
   */
  readonly undo?: Folds<Events[number], NoInfer<Document>>
  /** Paths into the document by which it is filtered or sorted often. */
  readonly indexes?: readonly string[]
  /**
   * Paths to what documents are searched by: `['customer.name', 'lines.description']`. They lead through lists; what is in
   * an object or a list at their end counts as well. The words are stored beside the documents as plain text.
   */
  readonly search?: readonly string[]
  /** Default: `async`. */
  readonly lifecycle?: ViewLifecycle
  /** Another database that holds its documents, such as `redisViews(…)`; only for `async`. Default: the log's own. */
  readonly store?: ViewDatabase
  /**
   * Tells that the documents change although the text of the folds, the key and the start doesn't, as when a function that
   * they call was changed: any text, another one each time.
   */
  readonly revision?: string
  /** Into how many parts the keys of an asynchronous one are divided: each may run in another process. Default 1. */
  readonly partitions?: number
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
  readonly search: readonly string[]
  readonly partitions: number
  readonly schema: Schema<unknown, Document> | undefined
  /** The database that holds its documents; undefined: the log's own. */
  readonly database: ViewDatabase | undefined
  /** How it is kept in tables instead of documents. */
  readonly sql?: SqlProjection
  /** Another one when the code changes that makes the documents. */
  readonly code: string
  keysOf(fact: Fact): readonly string[]
  /** The stream from which all documents of a key are folded, where there is only one. */
  streamOf?(key: string): string
  /**
   * The keys of the documents that show what follows from a fact, where it is not one document; those of its key else.
   *
   * @param revision the last one of the fact's stream
   */
  dependents?(fact: Fact, revision: number): readonly string[]
  /** It wants facts that are omitted, too, which say so themselves, and amendments. */
  readonly showsEverything?: boolean
  /** The inverse of `fold`, where it has one and facts may come in any order. */
  undo?(document: Document, fact: Fact, key: string, rules?: RuleLookup): Document | null
  /** The key of the document that one goes on from: its first event finds that one as its events left it. */
  continues?(key: string): string | undefined
  /** @param before the document that it goes on from, where there is one */
  initial(key: string, before?: Document): Document
  /** The document after a fact; null: it is gone. */
  fold(document: Document, fact: Fact, key: string, rules?: RuleLookup): Document | null
}

/** A view that is kept in tables. */
export type SqlView<Name extends string = string, Reader = unknown> = View<Name, never> & {
  readonly sql: SqlProjection<Reader>
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
  checkViewName(name)
  const folds = new Map<string, Function>(Object.entries<Function>(definition.on))
  for (const { type } of definition.events) {
    if (typeof folds.get(type) !== 'function')
      throw new HeadwaterError('app.invalid', `View ${name} has no on.${type}`)
  }
  const undone = definition.undo && new Map<string, Function>(Object.entries<Function>(definition.undo))
  for (const { type } of definition.events) {
    if (undone !== undefined && typeof undone.get(type) !== 'function')
      throw new HeadwaterError('app.invalid', `View ${name} has no undo.${type}`)
  }
  for (const path of [...(definition.indexes ?? []), ...(definition.search ?? [])]) checkPath(path)
  if (definition.store !== undefined && (definition.lifecycle ?? 'async') !== 'async')
    throw new HeadwaterError('app.invalid', `View ${name} is in another database, so it can only be async`)
  const { initial } = definition
  let code: string | undefined
  const keyOf = definition.key as ((fact: Fact) => ViewKey) | undefined
  return {
    kind: 'view',
    name,
    description: definition.description,
    events: definition.events,
    lifecycle: definition.lifecycle ?? 'async',
    indexes: definition.indexes ?? [],
    search: definition.search ?? [],
    partitions: checkPartitions(name, definition.partitions, definition.store),
    schema: definition.schema,
    database: definition.store,
    get code() {
      return (code ??= codeOf(definition))
    },
    keysOf: (fact) => {
      const keys = keyOf === undefined ? fact.aggregateId : keyOf(fact)
      if (typeof keys === 'string') return [keys]
      return keys === undefined ? noKeys : keys.length < 2 ? keys : [...new Set(keys)]
    },
    // Frozen, so that a fold that writes into it fails at once and not in another key's document.
    initial: isFunction<Document>(initial) ? initial : constant(deepFreeze(initial)),
    fold: (document, fact, key, rules = lookupWritten) => {
      const fold = folds.get(fact.type)
      return fold === undefined ? document : fold(document, fact, key, new FactContext(rules, fact))
    },
    ...(undone !== undefined && {
      undo: (document, fact, key, rules = lookupWritten) =>
        undone.get(fact.type)?.(document, fact, key, new FactContext(rules, fact)) as Document | null,
    }),
  }
}

/** @throws HeadwaterError `app.invalid` */
export function checkViewName(name: string): void {
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return
  throw new HeadwaterError(
    'app.invalid',
    `${JSON.stringify(name)} names no view: letters, digits, underscores and dashes`,
  )
}

/** What of a definition makes the documents: which indexes there are, and how it is described, does not. */
interface Code {
  readonly events: readonly AnyEventType[]
  readonly key?: unknown
  readonly initial: unknown
  readonly on: unknown
  readonly undo?: unknown
  readonly search?: readonly string[]
  readonly revision?: string
}

function codeOf({ events, key, initial, on, undo, search, revision }: Code): string {
  const inverse = undo === undefined ? [] : [undo]
  return codeHash(versionsAsCode(events), key, initial, on, search ?? [], revision, ...inverse)
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

/** @throws HeadwaterError `app.invalid` */
function checkPartitions(
  name: string,
  partitions: number | undefined,
  database: ViewDatabase | undefined,
): number {
  const count = checkPartitionCount(`View ${name}`, partitions)
  if (count === 1 || database === undefined) return count
  // There the documents of a view stand at one position.
  throw new HeadwaterError('app.invalid', `View ${name} is kept in ${database.name} and can’t be divided`)
}
