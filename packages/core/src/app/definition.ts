import type { Aggregate } from '../decide/aggregate.ts'
import type { AnyEventType } from '../message/event.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { Interceptor } from '../handle/interceptor.ts'

/** A part of an app with a language of its own. Contexts meet only through events. */
export interface Context {
  readonly kind: 'context'
  readonly name: string
  readonly description: string | undefined
  readonly aggregates: readonly Aggregate[]
  readonly views: readonly View[]
  readonly subscriptions: readonly Subscription[]
  /** Event types that no aggregate records: they are appended directly. */
  readonly events: readonly AnyEventType[]
}

export interface ContextDefinition {
  readonly aggregates?: readonly Aggregate[]
  readonly views?: readonly View[]
  readonly subscriptions?: readonly Subscription[]
  readonly events?: readonly AnyEventType[]
  readonly description?: string
}

/** Defines a context. */
export function context(name: string, definition: ContextDefinition): Context {
  return {
    kind: 'context',
    name,
    description: definition.description,
    aggregates: definition.aggregates ?? [],
    views: definition.views ?? [],
    subscriptions: definition.subscriptions ?? [],
    events: definition.events ?? [],
  }
}

export interface AppDefinition extends ContextDefinition {
  readonly name: string
  readonly contexts?: readonly Context[]
  /** Wrapped around every command, the first one outermost: security, audit, measurement. */
  readonly interceptors?: readonly Interceptor[]
}

export interface App {
  readonly kind: 'app'
  readonly name: string
  readonly description: string | undefined
  readonly contexts: readonly Context[]
  readonly interceptors: readonly Interceptor[]
}

/** Defines an app: its contexts, or, for a small one, what its only context holds. */
export function app(definition: AppDefinition): App {
  const own = context(definition.name, definition)
  const isUsed = own.aggregates.length + own.views.length + own.subscriptions.length + own.events.length > 0
  return {
    kind: 'app',
    name: definition.name,
    description: definition.description,
    contexts: isUsed ? [own, ...(definition.contexts ?? [])] : (definition.contexts ?? []),
    interceptors: definition.interceptors ?? [],
  }
}
