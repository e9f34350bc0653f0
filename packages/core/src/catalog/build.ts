import type { Aggregate, Concurrency } from '../decide/aggregate.ts'
import type { Rule } from '../decide/rule.ts'
import type { CommandHandler } from '../handle/handler.ts'
import type { Tables } from '../log/tables.ts'
import type { AnyCommandType } from '../message/command.ts'
import type { AnyEventType } from '../message/event.ts'
import { jsonSchemaOf, type Schema } from '../message/schema.ts'
import type { AnyQueryType } from '../query/query.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { Catalog, CatalogCommand, CatalogContext, CatalogEvent, CatalogQuery } from './catalog.ts'

/** What the catalog needs of a context. */
export interface ContextParts {
  readonly name: string
  readonly description: string | undefined
  readonly aggregates: readonly Aggregate[]
  readonly handlers: readonly CommandHandler[]
  readonly tables: readonly Tables[]
  readonly views: readonly View[]
  readonly queries: readonly AnyQueryType[]
  readonly subscriptions: readonly Subscription[]
  readonly events: readonly AnyEventType[]
  readonly rules: readonly Rule[]
}

export function buildCatalog(
  app: string,
  contexts: readonly ContextParts[],
  rules: ReadonlyMap<string, Rule>,
): Catalog {
  return {
    app,
    contexts: contexts.map(describeContext),
    events: describeEvents(contexts),
    queries: contexts.flatMap(({ name, queries }) => queries.map((query) => describeQuery(name, query))),
    rules: [...rules.values()].map(({ name, description, timeZone }) => ({
      name,
      description: description ?? null,
      timeZone,
      contexts: namesOfContexts(contexts, name),
    })),
    commands: contexts.flatMap(({ name, aggregates, handlers }) => [
      ...aggregates.flatMap((aggregate) =>
        aggregate.commands.map((command) => describeCommand(name, aggregate.name, command)),
      ),
      ...handlers.map(({ stream, command }) => describeCommand(name, stream, command)),
    ]),
  }
}

function namesOfContexts(contexts: readonly ContextParts[], rule: string): string[] {
  return contexts.filter(({ rules }) => rules.some(({ name }) => name === rule)).map(({ name }) => name)
}

const namesOf = (types: readonly { readonly type: string }[]): string[] => types.map(({ type }) => type)

function schemaOf(schema: Schema | undefined, side: 'input' | 'output'): Record<string, unknown> | null {
  return schema === undefined ? null : (jsonSchemaOf(schema, side) ?? null)
}

function describeContext({
  name,
  description,
  aggregates,
  handlers,
  tables,
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
      concurrency: modeOf(aggregate.concurrency),
      chart: aggregate.chart ?? null,
    })),
    handlers: handlers.map((handler) => ({
      command: handler.command.type,
      description: handler.description ?? null,
      stream: handler.stream,
      id: handler.idField,
      events: namesOf(handler.events),
      tables: handler.tables?.name ?? null,
      concurrency: modeOf(handler.concurrency),
    })),
    tables: tables.map(({ name: owner, description: about }) => ({
      name: owner,
      description: about ?? null,
    })),
    views: views.map((view) => ({
      name: view.name,
      description: view.description ?? null,
      lifecycle: view.lifecycle,
      events: namesOf(view.events),
      indexes: view.indexes,
      search: view.search,
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

function modeOf(concurrency: Concurrency): string {
  return typeof concurrency === 'string' ? concurrency : concurrency.mode
}

function describeCommand(
  context: string,
  aggregate: string,
  { type, description, schema }: AnyCommandType,
): CatalogCommand {
  return {
    name: type,
    description: description ?? null,
    context,
    aggregate,
    schema: schemaOf(schema, 'input'),
  }
}

function describeQuery(context: string, { type, description, input, output }: AnyQueryType): CatalogQuery {
  return {
    name: type,
    description: description ?? null,
    context,
    input: schemaOf(input, 'input'),
    output: schemaOf(output, 'output'),
  }
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
  for (const { name, aggregates, handlers } of contexts) {
    for (const aggregate of aggregates) for (const type of aggregate.events) add(type, name, aggregate.name)
    for (const { stream, events: recorded } of handlers) for (const type of recorded) add(type, name, stream)
  }
  for (const context of contexts) {
    for (const type of context.events) add(type, context.name, null)
    for (const part of [...context.views, ...context.subscriptions])
      for (const type of part.events) add(type, context.name, null)
  }
  return [...events.values()]
}
