import type { Envelope, Trace, TracedCommand } from '@headwater/client'

/** A command or an event, under what caused it. */
export interface Cause {
  readonly id: string
  readonly command?: TracedCommand
  readonly event?: Envelope
  readonly effects: Cause[]
}

/** The trace as trees: commands cause events, events cause commands; what has no known cause is a root. */
export function causeTrees({ commands, events }: Trace): Cause[] {
  const all = new Map<string, Cause>()
  for (const command of commands) all.set(command.id, { id: command.id, command, effects: [] })
  for (const event of events) all.set(event.id, { id: event.id, event, effects: [] })
  const roots: Cause[] = []
  for (const cause of all.values()) {
    const causedBy = cause.event?.causationId ?? cause.command?.causationId
    const parent = causedBy ? all.get(causedBy) : undefined
    if (parent && parent !== cause) parent.effects.push(cause)
    else roots.push(cause)
  }
  return roots
}

/** The ids from the root down to this one, and all that came of it: what to draw strongest. */
export function lineageOf(roots: readonly Cause[], id: string): Set<string> {
  const lineage = new Set<string>()
  const addAll = (cause: Cause) => {
    lineage.add(cause.id)
    for (const effect of cause.effects) addAll(effect)
  }
  const visit = (cause: Cause): boolean => {
    if (cause.id === id) {
      addAll(cause)
      return true
    }
    const found = cause.effects.some(visit)
    if (found) lineage.add(cause.id)
    return found
  }
  roots.some(visit)
  return lineage
}

/** The same trees with only what is in the lineage, for traces too large to draw whole. */
export function pruned(roots: readonly Cause[], lineage: ReadonlySet<string>): Cause[] {
  return roots
    .filter(({ id }) => lineage.has(id))
    .map((cause) => ({ ...cause, effects: pruned(cause.effects, lineage) }))
}

export interface PlacedCause {
  readonly cause: Cause
  readonly x: number
  readonly y: number
  /** Where its cause stands. */
  readonly from?: { readonly x: number; readonly y: number }
}

export const nodeSize = { width: 214, height: 54, across: 52, between: 14 }

/** Places causes left of their effects, each in the middle of what came of it. */
export function placed(roots: readonly Cause[]): { nodes: PlacedCause[]; width: number; height: number } {
  const nodes: PlacedCause[] = []
  const { width, height, across, between } = nodeSize
  let row = 0
  let deepest = 0

  function place(cause: Cause, depth: number): number {
    deepest = Math.max(deepest, depth)
    const first = nodes.length
    const rows = cause.effects.map((effect) => place(effect, depth + 1))
    const top = rows[0]
    const bottom = rows.at(-1)
    const at = top === undefined || bottom === undefined ? row++ : (top + bottom) / 2
    const x = depth * (width + across)
    const y = at * (height + between)
    const below = new Set(cause.effects)
    for (let index = first; index < nodes.length; index++) {
      const node = nodes[index]
      if (node && below.has(node.cause)) nodes[index] = { ...node, from: { x, y } }
    }
    nodes.push({ cause, x, y })
    return at
  }

  for (const root of roots) place(root, 0)
  return {
    nodes,
    width: (deepest + 1) * (width + across) - across,
    height: row * (height + between) - between,
  }
}
