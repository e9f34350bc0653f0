import { allSlots, holds, isWhole, slotOf, type SlotRange } from '../log/slots.ts'

/** Slots that have been processed further than the rest of their partition. */
export interface Ahead extends SlotRange {
  readonly position: number
}

/** Which events of which keys are a partition's. */
export interface Scope {
  readonly range: SlotRange
  /** Whether the partition has yet to process the event at a position for a key. */
  owns(tenant: string, key: string, position: number): boolean
}

/** All keys: asking costs nothing. */
export const wholeScope: Scope = Object.freeze({ range: allSlots, owns: () => true })

/** @param ahead what a merge has brought in: its events up to there are done */
export function scopeOf(range: SlotRange, ahead: readonly Ahead[] = []): Scope {
  if (isWhole(range) && ahead.length === 0) return wholeScope
  return {
    range,
    owns: (tenant, key, position) => {
      const slot = slotOf(tenant, key)
      return (
        holds(range, slot) &&
        (ahead.length === 0 || !ahead.some((part) => position <= part.position && holds(part, slot)))
      )
    },
  }
}
