import type { AnyEventType, App, Subscription, View } from '@headwater/core'

/** The event types that an app knows, by name. */
export function eventTypesOf({ contexts }: App): ReadonlyMap<string, AnyEventType> {
  const types = contexts.flatMap(({ aggregates, views, subscriptions, events }) => [
    ...events,
    ...[...aggregates, ...views, ...subscriptions].flatMap((part) => part.events),
  ])
  return new Map(types.map((type) => [type.type, type]))
}

export function viewsOf({ contexts }: App): readonly View[] {
  return contexts.flatMap(({ views }) => views)
}

export function subscriptionsOf({ contexts }: App): readonly Subscription[] {
  return contexts.flatMap(({ subscriptions }) => subscriptions)
}

/**
 * The app without its asynchronous subscriptions: looking at views or recording what is past may bring views up to
 * date, but has no effects on the world. The subscriptions go on where they stand when the app is run.
 */
export function withoutReactions(app: App): App {
  return {
    ...app,
    contexts: app.contexts.map((context) => ({
      ...context,
      subscriptions: context.subscriptions.filter(({ when }) => when !== 'async'),
    })),
  }
}
