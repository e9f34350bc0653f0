import type { Catalog, CatalogContext } from '@headwater/core'

export type FlowKind = 'command' | 'aggregate' | 'event' | 'view' | 'subscription'

export interface FlowPart {
  /** Kind and name: a command and an event may share a name. */
  readonly id: string
  readonly kind: FlowKind
  readonly name: string
  readonly context: string
}

export interface Flow {
  readonly contexts: readonly string[]
  readonly parts: readonly FlowPart[]
  readonly arrows: readonly { readonly from: string; readonly to: string }[]
}

/**
 * The way from commands over aggregates and events to what reacts. (Which commands a subscription sends is in its code, not
 * in the catalog; Studio has seen it.)
 *
 * @param only the name of an aggregate: what concerns no other
 */
export function flowOf(catalog: Catalog, only?: string): Flow {
  const parts = new Map<string, FlowPart>()
  const arrows = new Map<string, { from: string; to: string }>()
  const add = (kind: FlowKind, name: string, context: string): string => {
    const id = `${kind} ${name}`
    if (!parts.has(id)) parts.set(id, { id, kind, name, context })
    return id
  }
  const join = (from: string, to: string): void => void arrows.set(`${from} ${to}`, { from, to })
  const decided = catalog.contexts.flatMap((context) =>
    deciders(context).map((each) => ({ ...each, context: context.name })),
  )
  const recorded = new Set<string>()
  for (const { name, commands, events, context } of decided) {
    if (only !== undefined && name !== only) continue
    const aggregate = add('aggregate', name, context)
    for (const command of commands) join(add('command', command, context), aggregate)
    for (const event of events) {
      join(aggregate, add('event', event, context))
      recorded.add(event)
    }
  }
  for (const { name: context, views, subscriptions } of catalog.contexts) {
    const reacting = [
      ...views.map(({ name, events }) => ({ kind: 'view' as const, name, events })),
      ...subscriptions.map(({ name, events }) => ({ kind: 'subscription' as const, name, events })),
    ]
    for (const { kind, name, events } of reacting)
      for (const event of events.filter((type) => only === undefined || recorded.has(type)))
        join(add('event', event, context), add(kind, name, context))
  }
  const used = new Set([...parts.values()].map(({ context }) => context))
  const contexts = catalog.contexts.map(({ name }) => name).filter((name) => used.has(name))
  return { contexts, parts: [...parts.values()], arrows: [...arrows.values()] }
}

/** What decides commands: aggregates, and handlers by the streams that they record in. */
function deciders({ aggregates, handlers }: CatalogContext) {
  const byStream = Map.groupBy(handlers, ({ stream }) => stream)
  return [
    ...aggregates.map(({ name, commands, events }) => ({ name, commands, events })),
    ...[...byStream].map(([name, those]) => ({
      name,
      commands: those.map(({ command }) => command),
      events: [...new Set(those.flatMap(({ events }) => events))],
    })),
  ]
}
