import type { Aggregate } from '../decide/aggregate.ts'
import type { AnyCommandType } from '../message/command.ts'
import type { AnyEventType } from '../message/event.ts'
import type { App } from '../app/definition.ts'
import type { Subscription } from '../process/subscription.ts'
import type { View } from '../view/view.ts'
import { AggregateSpec } from './aggregate-spec.ts'
import { type AppSpec, appSpec } from './app-spec.ts'
import type { InMemoryOptions } from './in-memory.ts'
import { type SubscriptionSpec, subscriptionSpec } from './subscription-spec.ts'
import { ViewSpec } from './view-spec.ts'

/** Begins a specification: given facts, when a command, then facts. */
export function spec<
  State,
  Events extends AnyEventType,
  Commands extends AnyCommandType,
  Codes extends string,
>(aggregate: Aggregate<string, State, Events, Commands, Codes>): AggregateSpec<State, Events, Commands, Codes>
/** Begins a specification: given facts, then documents. */
export function spec<Document, Events extends AnyEventType>(
  view: View<string, Document, Events>,
): ViewSpec<Document, Events>
/** Begins a specification: given facts, when an event, then commands. */
export function spec<Events extends AnyEventType>(
  subscription: Subscription<string, Events>,
): SubscriptionSpec<Events>
/** Begins a specification of a whole app, which is played in memory when something is expected. */
export function spec(app: App, options?: InMemoryOptions): AppSpec
export function spec(part: Aggregate | View | Subscription | App, options: InMemoryOptions = {}) {
  switch (part.kind) {
    case 'aggregate':
      return new AggregateSpec(part)
    case 'view':
      return new ViewSpec(part)
    case 'subscription':
      return subscriptionSpec(part)
    case 'app':
      return appSpec(part, options)
  }
}
