/**
 * Where an event stands in an effective history: at a slot, which is the position of a record; there by its order; among
 * those of one order by the way there.
 */
export interface Place extends Slot {
  /** The positions of the amendments that lead to it: its own last, before it that of an inserted event behind which it stands. */
  readonly path: readonly number[]
}

/** Where commands decide: as of all that stands before it. */
export interface Slot {
  readonly slot: number
  /**
   * Empty: the record of the slot itself. `[0]`: what somebody inserted behind it. Else it begins with the sequence of the
   * command that was decided behind it, and goes on with the number of what reacted to that one.
   */
  readonly order: readonly number[]
}

/** The order of what somebody inserts behind a record. */
export const behindRecord: Slot['order'] = Object.freeze([0])

export function compareSlots(one: Slot, other: Slot): number {
  return one.slot - other.slot || compareLists(one.order, other.order)
}

export function comparePlaces(one: Place, other: Place): number {
  return compareSlots(one, other) || compareLists(one.path, other.path)
}

function compareLists(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference
  }
  return one.length - other.length
}
