import type { Aggregate } from '../decide/aggregate.ts'
import type { Rule } from '../decide/rule.ts'
import type { MemoryImage } from '../image/image.ts'
import { AppRules, lookupIn } from '../decide/rule-book.ts'
import type { CommandRoute } from '../handle/deciding.ts'
import type { CommandHandler } from '../handle/handler.ts'
import { tablePrefix } from '../log/sql.ts'
import type { Tables } from '../log/tables.ts'
import { HeadwaterError, type Issue } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import type { AnyExternal } from '../message/external.ts'
import type { AnyQueryType } from '../query/query.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { App } from './definition.ts'
import { collectExternals } from './externals.ts'
import { aggregateBy, collectRules, viewBy } from './rules.ts'

/** What an app defines, by name. */
export interface Registry {
  readonly aggregates: ReadonlyMap<string, Aggregate>
  readonly commands: ReadonlyMap<string, CommandRoute>
  /** Of the commands that no aggregate decides, by their types. */
  readonly handlers: ReadonlyMap<string, CommandHandler>
  readonly tables: readonly Tables[]
  readonly events: ReadonlyMap<string, AnyEventType>
  readonly views: ReadonlyMap<string, View>
  readonly queries: ReadonlyMap<string, AnyQueryType>
  readonly images: ReadonlyMap<string, MemoryImage>
  readonly subscriptions: readonly Subscription[]
  readonly rules: ReadonlyMap<string, Rule>
  readonly externals: ReadonlyMap<string, AnyExternal>
  /** By which the folds of these aggregates and views go. */
  readonly ruleBook: AppRules
  /** The aggregates as they are defined, whose folds go by rules as they are written. */
  readonly written: ReadonlyMap<string, Aggregate>
}

/**
 * Collects an app's parts and checks that they fit together: names are unique, a command has exactly one aggregate, an
 * event type is the same wherever it is used.
 *
 * @throws HeadwaterError `app.invalid`, with an issue per contradiction
 */
export function register(app: App): Registry {
  const { name, contexts } = app
  const issues: Issue[] = []
  const unique = <Part>(
    kind: string,
    map: Map<string, Part>,
    key: string,
    part: Part,
    context: string,
  ): void => {
    if (map.has(key)) issues.push({ path: [context, key], message: `there are two ${kind} of this name` })
    else map.set(key, part)
  }
  const aggregates = new Map<string, Aggregate>()
  const commands = new Map<string, CommandRoute>()
  const handlers = new Map<string, CommandHandler>()
  const tables = new Map<string, Tables>()
  const events = new Map<string, AnyEventType>()
  const views = new Map<string, View>()
  const queries = new Map<string, AnyQueryType>()
  const images = new Map<string, MemoryImage>()
  const subscriptions = new Map<string, Subscription>()
  const names = new Map<string, unknown>()
  const use = (type: AnyEventType, context: string): void => {
    const known = events.get(type.type)
    if (known !== undefined && known !== type) {
      issues.push({
        path: [context, type.type],
        message: 'there are two event types of this name; import one and the same',
      })
    }
    events.set(type.type, known ?? type)
  }
  for (const context of contexts) {
    unique('contexts', names, context.name, context, name)
    for (const aggregate of context.aggregates) {
      unique('aggregates', aggregates, aggregate.name, aggregate, context.name)
      for (const type of aggregate.events) use(type, context.name)
      for (const command of aggregate.commands)
        unique('handlers for the command', commands, command.type, { command, aggregate }, context.name)
    }
    for (const handler of context.handlers) {
      const { type } = handler.command
      unique('handlers for the command', handlers, type, handler, context.name)
      for (const recorded of handler.events) use(recorded, context.name)
    }
    for (const own of context.tables) {
      if (tablePrefix(own.name) === undefined)
        issues.push({ path: [context.name, own.name], message: 'this name can’t have tables' })
      unique('tables', tables, tablePrefix(own.name)?.toLowerCase() ?? own.name, own, context.name)
    }
    for (const view of context.views) unique('views', views, view.name, view, context.name)
    for (const query of context.queries) unique('queries', queries, query.type, query, context.name)
    for (const image of context.images) {
      unique('memory images', images, image.name, image, context.name)
      for (const type of image.events) use(type, context.name)
    }
    for (const subscription of context.subscriptions) {
      unique('subscriptions', subscriptions, subscription.name, subscription, context.name)
      if (views.has(subscription.name)) {
        issues.push({ path: [context.name, subscription.name], message: 'a view has this name already' })
      }
    }
    for (const part of [...context.views, ...context.subscriptions])
      for (const type of part.events) use(type, context.name)
    for (const type of context.events) use(type, context.name)
  }
  const rules = collectRules(app, issues)
  const externals = collectExternals(app, issues)
  for (const { command, stream } of handlers.values()) {
    if (commands.has(command.type))
      issues.push({ path: [command.type], message: 'an aggregate and a handler want this command' })
    if (aggregates.has(stream))
      issues.push({ path: [command.type, stream], message: 'these streams are those of an aggregate' })
  }
  if (issues.length > 0) {
    const list = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new HeadwaterError('app.invalid', `App ${name} is invalid: ${list}`, { issues })
  }
  const ruleBook = new AppRules(rules)
  const lookup = lookupIn(ruleBook)
  const bound = mapValues(aggregates, (aggregate) => aggregateBy(lookup, aggregate))
  return {
    aggregates: bound,
    commands: mapValues(commands, (route) => {
      return { ...route, aggregate: bound.get(route.aggregate.name) ?? route.aggregate }
    }),
    handlers,
    tables: [...tables.values()],
    events,
    views: mapValues(views, (view) => viewBy(lookup, view)),
    queries,
    images,
    subscriptions: [...subscriptions.values()],
    rules,
    externals,
    ruleBook,
    written: aggregates,
  }
}

function mapValues<Part, Other>(
  map: ReadonlyMap<string, Part>,
  change: (part: Part) => Other,
): Map<string, Other> {
  return new Map([...map].map(([name, part]) => [name, change(part)]))
}

/**
 * The aggregate that an app has made of a class.
 *
 * @throws HeadwaterError `aggregate.unknown`
 */
export function aggregateOfClass(
  { aggregates, written }: Registry,
  { name, evolve }: { readonly name: string; readonly evolve: unknown },
): Aggregate {
  const known = aggregates.get(name)
  if (known !== undefined && written.get(name)?.evolve === evolve) return known
  throw new HeadwaterError(
    'aggregate.unknown',
    known === undefined
      ? `This app has no aggregate named ${name}`
      : `The aggregate ${name} of this app is not made of this class`,
    { details: { aggregate: name } },
  )
}
