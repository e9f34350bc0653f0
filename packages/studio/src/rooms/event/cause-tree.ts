import type { Envelope, Trace, TracedCommand } from '@headwater/client'

/** A command with the events it made, or events that were recorded without one; and what each led to. */
export interface Decision {
  readonly id: string
  readonly command: TracedCommand | undefined
  readonly events: readonly Envelope[]
  /** What was decided because of its events, or of the command itself, in that order. */
  readonly effects: readonly { readonly causedBy: string; readonly decision: Decision }[]
}

/** The trace as trees of decisions; what has no cause in the trace is a root. */
export function decisionTrees({ commands, events }: Trace): Decision[] {
  const known = new Set([...commands.map(({ id }) => id), ...events.map(({ id }) => id)])
  const made = new Map<string, Envelope[]>()
  const causes = new Map<string, TracedCommand[]>()
  const bare: Envelope[] = []
  const commandIds = new Set(commands.map(({ id }) => id))
  for (const event of events) {
    if (event.causationId !== null && commandIds.has(event.causationId))
      append(made, event.causationId, event)
    else bare.push(event)
  }
  const roots: TracedCommand[] = []
  for (const command of commands) {
    const { causationId } = command
    if (causationId !== null && causationId !== command.id && known.has(causationId))
      append(causes, causationId, command)
    else roots.push(command)
  }

  const grow = (id: string, command: TracedCommand | undefined, own: readonly Envelope[]): Decision => ({
    id,
    command,
    events: own,
    effects: [...own.map((event) => event.id), ...(command ? [id] : [])].flatMap((causedBy) =>
      (causes.get(causedBy) ?? []).map((effect) => ({
        causedBy,
        decision: grow(effect.id, effect, made.get(effect.id) ?? []),
      })),
    ),
  })
  return [
    ...roots.map((command) => grow(command.id, command, made.get(command.id) ?? [])),
    ...bare.map((event) => grow(event.id, undefined, [event])),
  ]
}

function append<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** The decisions from the root down to the one that holds this id, and all that came of it. */
export function lineageOf(roots: readonly Decision[], id: string): Set<string> {
  const lineage = new Set<string>()
  const addAll = (decision: Decision) => {
    lineage.add(decision.id)
    for (const effect of decision.effects) addAll(effect.decision)
  }
  const visit = (decision: Decision): boolean => {
    if (decision.id === id || decision.events.some((event) => event.id === id)) {
      addAll(decision)
      return true
    }
    const found = decision.effects.some((effect) => visit(effect.decision))
    if (found) lineage.add(decision.id)
    return found
  }
  roots.some(visit)
  return lineage
}

/** The same trees with only what is in the lineage, for traces too large to draw whole. */
export function pruned(roots: readonly Decision[], lineage: ReadonlySet<string>): Decision[] {
  const prune = (decision: Decision): Decision => ({
    ...decision,
    effects: decision.effects
      .filter((effect) => lineage.has(effect.decision.id))
      .map(({ causedBy, decision: effect }) => ({ causedBy, decision: prune(effect) })),
  })
  return roots.filter(({ id }) => lineage.has(id)).map(prune)
}
