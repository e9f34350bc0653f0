import type { Aggregate } from '../decide/aggregate.ts'
import type { AnyEventType } from '../message/event.ts'
import { jsonSchemaOf, type Schema } from '../message/schema.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { Catalog, CatalogCommand, CatalogContext, CatalogEvent } from './catalog.ts'

/** What the catalog needs of a context. */
export interface ContextParts {
  readonly name: string
  readonly description: string | undefined
  readonly aggregates: readonly Aggregate[]
  readonly views: readonly View[]
  readonly subscriptions: readonly Subscription[]
  readonly events: readonly AnyEventType[]
}

export function buildCatalog(app: string, contexts: readonly ContextParts[]): Catalog {
  return {
    app,
    contexts: contexts.map(describeContext),
    events: describeEvents(contexts),
    commands: contexts.flatMap((context) =>
      context.aggregates.flatMap((aggregate) => describeCommands(context.name, aggregate)),
    ),
  }
}

const namesOf = (types: readonly { readonly type: string }[]): string[] => types.map(({ type }) => type)

function schemaOf(schema: Schema | undefined, side: 'input' | 'output'): Record<string, unknown> | null {
  return schema === undefined ? null : (jsonSchemaOf(schema, side) ?? null)
}

function describeContext({
  name,
  description,
  aggregates,
  views,
  subscriptions,
}: ContextParts): CatalogContext {
  return {
    name,
    description: description ?? null,
    aggregates: aggregates.map((aggregate) => ({
      name: aggregate.name,
      description: aggregate.description ?? null,
      id: aggregate.idField,
      events: namesOf(aggregate.events),
      commands: namesOf(aggregate.commands),
      concurrency:
        typeof aggregate.concurrency === 'string' ? aggregate.concurrency : aggregate.concurrency.mode,
    })),
    views: views.map((view) => ({
      name: view.name,
      description: view.description ?? null,
      lifecycle: view.lifecycle,
      events: namesOf(view.events),
      indexes: view.indexes,
      schema: schemaOf(view.schema, 'output'),
    })),
    subscriptions: subscriptions.map((subscription) => ({
      name: subscription.name,
      description: subscription.description ?? null,
      events: namesOf(subscription.events),
      when: subscription.when,
    })),
  }
}

function describeCommands(context: string, aggregate: Aggregate): CatalogCommand[] {
  return aggregate.commands.map(({ type, description, schema }) => ({
    name: type,
    description: description ?? null,
    context,
    aggregate: aggregate.name,
    schema: schemaOf(schema, 'input'),
  }))
}

/** Each event type once, under the context that records it or, failing that, the first that names it. */
function describeEvents(contexts: readonly ContextParts[]): CatalogEvent[] {
  const events = new Map<string, CatalogEvent>()
  const add = (type: AnyEventType, context: string, aggregate: string | null): void => {
    if (events.has(type.type)) return
    events.set(type.type, {
      name: type.type,
      version: type.version,
      kind: type.eventKind,
      visibility: type.visibility,
      description: type.description ?? null,
      context,
      aggregate,
      schema: schemaOf(type.schema, 'output'),
      reactedToBy: contexts.flatMap(({ views, subscriptions }) =>
        [...views, ...subscriptions]
          .filter((part) => part.events.some((known) => known.type === type.type))
          .map(({ name }) => name),
      ),
    })
  }
  for (const { name, aggregates } of contexts) {
    for (const aggregate of aggregates) for (const type of aggregate.events) add(type, name, aggregate.name)
  }
  for (const context of contexts) {
    for (const type of context.events) add(type, context.name, null)
    for (const part of [...context.views, ...context.subscriptions])
      for (const type of part.events) add(type, context.name, null)
  }
  return [...events.values()]
}
