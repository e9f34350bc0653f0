import type { Aggregate } from '../decide/aggregate.ts'
import type { CommandRoute } from '../handle/executor.ts'
import { HeadwaterError, type Issue } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import type { App } from './definition.ts'

/** What an app defines, by name. */
export interface Registry {
  readonly aggregates: ReadonlyMap<string, Aggregate>
  readonly commands: ReadonlyMap<string, CommandRoute>
  readonly events: ReadonlyMap<string, AnyEventType>
  readonly views: ReadonlyMap<string, View>
  readonly subscriptions: readonly Subscription[]
}

/**
 * Collects an app's parts and checks that they fit together: names are unique, a command has exactly one aggregate, an
 * event type is the same wherever it is used.
 *
 * @throws HeadwaterError `app.invalid`, with an issue per contradiction
 */
export function register({ name, contexts }: App): Registry {
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
  const events = new Map<string, AnyEventType>()
  const views = new Map<string, View>()
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
    for (const view of context.views) unique('views', views, view.name, view, context.name)
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
  if (issues.length > 0) {
    const list = issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
    throw new HeadwaterError('app.invalid', `App ${name} is invalid: ${list}`, { issues })
  }
  return { aggregates, commands, events, views, subscriptions: [...subscriptions.values()] }
}
