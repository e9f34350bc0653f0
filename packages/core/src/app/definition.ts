import type { Aggregate } from '../decide/aggregate.ts'
import type { Rule } from '../decide/rule.ts'
import type { MemoryImage } from '../image/image.ts'
import type { AnyEventType } from '../message/event.ts'
import type { AnyExternal } from '../message/external.ts'
import type { Subscription } from '../process/subscription.ts'
import type { MayMerge } from '../time/merge/may-merge.ts'
import type { QueryInterceptor } from '../query/interceptor.ts'
import type { AnyQueryType } from '../query/query.ts'
import type { View } from '../view/view.ts'
import type { CommandHandler } from '../handle/handler.ts'
import type { Interceptor } from '../handle/interceptor.ts'
import type { Tables } from '../log/tables.ts'

/** A part of an app with a language of its own. Contexts meet only through events. */
export interface Context {
  readonly kind: 'context'
  readonly name: string
  readonly description: string | undefined
  readonly aggregates: readonly Aggregate[]
  /** Of commands that no aggregate decides. */
  readonly handlers: readonly CommandHandler[]
  /** Tables that it keeps as its own state, those of its handlers included. */
  readonly tables: readonly Tables[]
  readonly views: readonly View[]
  readonly queries: readonly AnyQueryType[]
  readonly subscriptions: readonly Subscription[]
  /** Event types that no aggregate records: they are appended directly. */
  readonly events: readonly AnyEventType[]
  /** The dated rules that its decisions and folds ask for. */
  readonly rules: readonly Rule[]
  readonly images: readonly MemoryImage[]
  /** What it calls in the world outside. */
  readonly externals: readonly AnyExternal[]
}

export interface ContextDefinition {
  readonly aggregates?: readonly Aggregate[]
  readonly handlers?: readonly CommandHandler[]
  readonly tables?: readonly Tables[]
  readonly views?: readonly View[]
  readonly queries?: readonly AnyQueryType[]
  readonly subscriptions?: readonly Subscription[]
  readonly events?: readonly AnyEventType[]
  readonly rules?: readonly Rule[]
  /** States in memory, for questions that can't wait. */
  readonly images?: readonly MemoryImage[]
  /** What its decisions, handlers, subscriptions and queries call in the world outside. */
  readonly externals?: readonly AnyExternal[]
  readonly description?: string
}

/** Defines a context. */
export function context(name: string, definition: ContextDefinition): Context {
  return {
    kind: 'context',
    name,
    description: definition.description,
    aggregates: definition.aggregates ?? [],
    handlers: definition.handlers ?? [],
    tables: tablesOf(definition),
    views: definition.views ?? [],
    queries: definition.queries ?? [],
    subscriptions: definition.subscriptions ?? [],
    events: definition.events ?? [],
    rules: definition.rules ?? [],
    images: definition.images ?? [],
    externals: definition.externals ?? [],
  }
}

function tablesOf({ tables = [], handlers = [] }: ContextDefinition): readonly Tables[] {
  const used = handlers.flatMap(({ tables: own }) => (own === undefined ? [] : [own]))
  return [...new Set([...tables, ...used])]
}

export interface AppDefinition extends ContextDefinition {
  readonly name: string
  readonly contexts?: readonly Context[]
  /** Dated rules; where a context has another form of one, such as without the entries of this app, this one counts. */
  readonly rules?: readonly Rule[]
  /** Wrapped around every command, the first one outermost: security, audit, measurement. */
  readonly interceptors?: readonly Interceptor[]
  /** The same around every query. */
  readonly queryInterceptors?: readonly QueryInterceptor[]
  /**
   * Who may merge what of a branch into main, or into another branch: true, or why not. It goes with the app wherever that is
   * run: in code, by `headwater serve`, on the command line. Default: everybody everything.
   */
  readonly mayMerge?: MayMerge
}

export interface App {
  readonly kind: 'app'
  readonly name: string
  readonly description: string | undefined
  readonly contexts: readonly Context[]
  /** They count before those of its contexts. */
  readonly rules: readonly Rule[]
  readonly externals: readonly AnyExternal[]
  readonly interceptors: readonly Interceptor[]
  readonly queryInterceptors: readonly QueryInterceptor[]
  readonly mayMerge?: MayMerge
}

/** Defines an app: its contexts, or, for a small one, what its only context holds. */
export function app(definition: AppDefinition): App {
  const { rules = [], externals = [] } = definition
  const own = context(definition.name, definition)
  const decided = [own.aggregates, own.handlers, own.tables]
  const parts = [...decided, own.views, own.queries, own.subscriptions, own.events, own.images]
  const isUsed = parts.some(({ length }) => length > 0)
  return {
    kind: 'app',
    name: definition.name,
    description: definition.description,
    contexts: isUsed ? [own, ...(definition.contexts ?? [])] : (definition.contexts ?? []),
    rules,
    externals,
    interceptors: definition.interceptors ?? [],
    queryInterceptors: definition.queryInterceptors ?? [],
    ...(definition.mayMerge !== undefined && { mayMerge: definition.mayMerge }),
  }
}
