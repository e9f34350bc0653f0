import type { Catalog, CatalogContext } from '@headwater/client'
import type { Reaction } from '../../data/reactions.ts'

export type FlowKind = 'command' | 'aggregate' | 'event' | 'view' | 'subscription'

export interface FlowNode {
  /** Kind and name, as views and subscriptions may share a name. */
  readonly id: string
  readonly kind: FlowKind
  readonly name: string
  /** The aggregate whose colour it has; none for what reacts. */
  readonly aggregate: string | undefined
  readonly x: number
  readonly y: number
  readonly width: number
}

export interface FlowEdge {
  readonly from: FlowNode
  readonly to: FlowNode
  /** From a subscription back to a command that it was seen to send. */
  readonly isReturn: boolean
}

export interface FlowBand {
  readonly name: string
  readonly y: number
  readonly height: number
}

export interface Flow {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
  readonly bands: readonly FlowBand[]
  readonly width: number
  readonly height: number
}

export const flowSize = { node: 28, between: 7, band: 22, head: 26, pad: 10 }

/** Commands, aggregates, events and reactions, from left to right. */
const columns = { command: 16, aggregate: 288, event: 490, reaction: 826 }
const widths = { command: 200, aggregate: 130, event: 244, reaction: 226 }

/**
 * Places all parts of an application: a band for each context, in it the way from command to reaction. Commands
 * that subscriptions were seen to send are joined to them.
 */
export function flowOf(catalog: Catalog, reactions: readonly Reaction[]): Flow {
  const nodes: FlowNode[] = []
  const bands: FlowBand[] = []
  const row = flowSize.node + flowSize.between
  let top = 0

  for (const context of catalog.contexts) {
    const { size, heights } = sizeOf(context)
    const inner = size * row - flowSize.between
    const start = top + flowSize.head
    const aggregateRows = heights.reduce((sum, height) => sum + height, 0)
    let at = start + ((size - aggregateRows) * row) / 2
    context.aggregates.forEach((aggregate, index) => {
      const height = heights[index] ?? 1
      const add = (kind: 'command' | 'aggregate' | 'event', names: readonly string[]) => {
        const first = at + ((height - names.length) * row) / 2
        names.forEach((name, place) => {
          const y = first + place * row
          nodes.push({
            id: `${kind} ${name}`,
            kind,
            name,
            aggregate: aggregate.name,
            x: columns[kind],
            y,
            width: widths[kind],
          })
        })
      }
      add('command', aggregate.commands)
      add('aggregate', [aggregate.name])
      add('event', aggregate.events)
      at += height * row
    })
    const reacting = [
      ...context.views.map(({ name }) => ({ kind: 'view' as const, name })),
      ...context.subscriptions.map(({ name }) => ({ kind: 'subscription' as const, name })),
    ]
    const first = start + ((size - reacting.length) * row) / 2
    reacting.forEach(({ kind, name }, place) => {
      const y = first + place * row
      nodes.push({
        id: `${kind} ${name}`,
        kind,
        name,
        aggregate: undefined,
        x: columns.reaction,
        y,
        width: widths.reaction,
      })
    })
    const height = flowSize.head + inner + flowSize.pad
    bands.push({ name: context.name, y: top, height })
    top += height + flowSize.band
  }
  const width = columns.reaction + widths.reaction + 16
  return {
    nodes,
    edges: edgesOf(catalog, reactions, nodes),
    bands,
    width,
    height: Math.max(0, top - flowSize.band),
  }
}

/** How many rows a context takes, and each of its aggregates. */
function sizeOf(context: CatalogContext) {
  const heights = context.aggregates.map(({ commands, events }) =>
    Math.max(1, commands.length, events.length),
  )
  const reactions = context.views.length + context.subscriptions.length
  return {
    heights,
    size: Math.max(
      1,
      reactions,
      heights.reduce((sum, height) => sum + height, 0),
    ),
  }
}

function edgesOf(catalog: Catalog, reactions: readonly Reaction[], nodes: readonly FlowNode[]): FlowEdge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const edges: FlowEdge[] = []
  const join = (from: string, to: string) => {
    const [source, target] = [byId.get(from), byId.get(to)]
    if (source && target) edges.push({ from: source, to: target, isReturn: source.kind === 'subscription' })
  }
  for (const { aggregates, views, subscriptions } of catalog.contexts) {
    for (const { name, commands, events } of aggregates) {
      for (const command of commands) join(`command ${command}`, `aggregate ${name}`)
      for (const event of events) join(`aggregate ${name}`, `event ${event}`)
    }
    for (const { name, events } of views) for (const event of events) join(`event ${event}`, `view ${name}`)
    for (const { name, events } of subscriptions)
      for (const event of events) join(`event ${event}`, `subscription ${name}`)
  }
  for (const { subscription, command } of reactions)
    join(`subscription ${subscription}`, `command ${command}`)
  return edges
}

/**
 * All that a part leads to and all that leads to it. What subscriptions send counts only where one points at the
 * subscription or the command: from there on it would soon be everything.
 */
export function connectedTo(id: string, edges: readonly FlowEdge[]): Set<string> {
  const connected = new Set([id])
  const walk = (from: 'from' | 'to', to: 'from' | 'to', at: string) => {
    for (const edge of edges) {
      if (edge[from].id !== at || connected.has(edge[to].id)) continue
      if (edge.isReturn && at !== id) continue
      connected.add(edge[to].id)
      if (!edge.isReturn) walk(from, to, edge[to].id)
    }
  }
  walk('from', 'to', id)
  walk('to', 'from', id)
  return connected
}
