import { FactContext, type FoldContext, lookupWritten, type RuleLookup } from '../decide/rule-book.ts'
import { codeHash } from '../message/code-hash.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import type { Fact, FactOf } from '../message/recorded.ts'
import { stepsOf } from '../message/upcast.ts'
import type { ReadTable, Table } from './table.ts'

/** Says what a table of an image holds. */
export interface TableType<Value> {
  readonly kind: 'table'
  /** For the types alone. */
  readonly value?: Value
}

/** A table of a memory image: entries by key. */
export function table<Value>(): TableType<Value> {
  return { kind: 'table' }
}

export type TableTypes = Readonly<Record<string, TableType<unknown>>>

type ValueOf<Type> = Type extends TableType<infer Value> ? Value : never
/** As folds see them. */
export type ImageTables<Types> = { readonly [Name in keyof Types]: Table<ValueOf<Types[Name]>> }
/** As readers see them. */
export type ReadTables<Types> = { readonly [Name in keyof Types]: ReadTable<ValueOf<Types[Name]>> }

/** One fold per event type: changes the tables. */
export type ImageFolds<Events extends AnyEventType, Types> = {
  readonly [Type in Events['type']]: (
    tables: ImageTables<Types>,
    event: FactOf<Extract<Events, { readonly type: Type }>>,
    context: FoldContext,
  ) => void
}

type NoOthers<Given, Type extends string> = string extends Type
  ? unknown // names made at run time can't be checked
  : {
      readonly [Other in Exclude<keyof Given, Type>]: `${Other & string} is not one of this image's events`
    }

export interface MemoryImageDefinition<Events extends readonly AnyEventType[], Types, Folds> {
  readonly events: Events
  readonly tables: Types
  readonly on: Folds & NoOthers<Folds, Events[number]['type']>
  /** A snapshot after so many positions of the log; false: none, it is rebuilt from the log alone. Default 100,000. */
  readonly snapshot?: { readonly every: number } | false
  /** To be raised when something changes that the folds call: that their own text changes is noticed. Default 1. */
  readonly version?: number
  readonly description?: string
}

/** The state of an app in memory: read without waiting, fed by the log, rebuilt at the start. */
export interface MemoryImage<Name extends string = string, Types = TableTypes> {
  readonly kind: 'memory-image'
  readonly name: Name
  readonly description: string | undefined
  readonly events: readonly AnyEventType[]
  readonly tables: Types
  /** Undefined: no snapshots. */
  readonly every: number | undefined
  /** Of the code that folds it, as far as it can be seen. */
  readonly hash: string
  /** Changes the tables by a fact. */
  fold(tables: Readonly<Record<string, Table<unknown>>>, fact: Fact, rules?: RuleLookup): void
}

/**
 * Defines a memory image. (Martin Fowler's Memory Image: the state is in memory, the log makes it durable.)
 *
 * @throws HeadwaterError `app.invalid`
 */
export function memoryImage<
  const Name extends string,
  const Events extends readonly AnyEventType[],
  const Types extends TableTypes,
  Folds extends ImageFolds<Events[number], Types>,
>(name: Name, definition: MemoryImageDefinition<Events, Types, Folds>): MemoryImage<Name, Types> {
  const { events, tables, snapshot = { every: 100_000 }, version = 1 } = definition
  const refuse = (message: string): never => {
    throw new HeadwaterError('app.invalid', `Memory image ${name}: ${message}`)
  }
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) refuse('a name has letters, digits, underscores and dashes')
  const every = snapshot === false ? undefined : snapshot.every
  if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1))
    refuse(`every ${every} is no number`)
  const folds = new Map<string, Function>(Object.entries<Function>(definition.on))
  for (const { type } of events) if (typeof folds.get(type) !== 'function') refuse(`there is no on.${type}`)
  const types = events.map((type) => [type.type, type.version, stepsOf(type.upcast)])
  return {
    kind: 'memory-image',
    name,
    description: definition.description,
    events,
    tables,
    every,
    hash: codeHash(name, version, types, Object.keys(tables), definition.on),
    fold: (state, fact, rules = lookupWritten) => {
      folds.get(fact.type)?.(state, fact, new FactContext(rules, fact))
    },
  }
}
