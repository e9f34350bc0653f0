import type { Decision } from './cause-tree.ts'

export const cardSize = { width: 222, head: 46, event: 30, between: 4, pad: 8, across: 52, apart: 16 }

export interface PlacedDecision {
  readonly decision: Decision
  readonly x: number
  readonly y: number
  readonly height: number
  /** Where the line from its cause begins; a root has none. */
  readonly from: { readonly x: number; readonly y: number } | undefined
}

export interface Picture {
  readonly cards: readonly PlacedDecision[]
  readonly width: number
  readonly height: number
}

export function heightOf({ command, events }: Decision): number {
  const { head, event, between, pad } = cardSize
  const list = events.length === 0 ? 0 : events.length * (event + between) - between + pad
  return (command ? head : pad) + list
}

/** Where on a card the line of one of its events, or of its command, begins. */
function outletOf({ command, events }: Decision, causedBy: string): number {
  const { head, event, between, pad } = cardSize
  const index = events.findIndex(({ id }) => id === causedBy)
  if (index < 0) return head / 2
  return (command ? head : pad) + index * (event + between) + event / 2
}

/** Places causes left of their effects, each in the middle of what came of it. */
export function placed(roots: readonly Decision[]): Picture {
  const { width, across, apart } = cardSize
  const cards: PlacedDecision[] = []
  const spans = new Map<Decision, number>()
  const spanOf = (decision: Decision): number => {
    const known = spans.get(decision)
    if (known !== undefined) return known
    const below = decision.effects.reduce((sum, effect) => sum + spanOf(effect.decision) + apart, -apart)
    const span = Math.max(heightOf(decision), below)
    spans.set(decision, span)
    return span
  }
  let deepest = 0
  const place = (decision: Decision, depth: number, top: number, from: PlacedDecision['from']) => {
    deepest = Math.max(deepest, depth)
    const height = heightOf(decision)
    const x = depth * (width + across)
    const y = top + (spanOf(decision) - height) / 2
    cards.push({ decision, x, y, height, from })
    const below = decision.effects.reduce((sum, effect) => sum + spanOf(effect.decision) + apart, -apart)
    let at = top + Math.max(0, (spanOf(decision) - below) / 2)
    for (const { causedBy, decision: effect } of decision.effects) {
      place(effect, depth + 1, at, { x: x + width, y: y + outletOf(decision, causedBy) })
      at += spanOf(effect) + apart
    }
  }
  let top = 0
  for (const root of roots) {
    place(root, 0, top, undefined)
    top += spanOf(root) + apart
  }
  return { cards, width: (deepest + 1) * (width + across) - across, height: Math.max(0, top - apart) }
}
