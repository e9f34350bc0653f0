import { compareSlots, type Slot } from '../../amend/place.ts'

/** What is to be looked at beside the command log, in the order of slots. */
export class Agenda<Item> {
  /** The next one stands last. */
  readonly #entries: { readonly slot: Slot; readonly item: Item }[] = []

  add(slot: Slot, item: Item): void {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      const entry = this.#entries[middle]
      // Of one slot, what was added first is next.
      if (entry !== undefined && compareSlots(entry.slot, slot) > 0) low = middle + 1
      else high = middle
    }
    this.#entries.splice(low, 0, { slot, item })
  }

  /** Whether one stands before a slot. */
  has(before: Slot | undefined): boolean {
    const last = this.#entries.at(-1)
    return last !== undefined && (before === undefined || compareSlots(last.slot, before) < 0)
  }

  /** Takes the next one that stands before a slot. */
  next(before: Slot | undefined): { readonly slot: Slot; readonly item: Item } | undefined {
    return this.has(before) ? this.#entries.pop() : undefined
  }
}
