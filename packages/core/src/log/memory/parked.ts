import { compareText } from '../order.ts'
import type { EventToPark, ParkedEvent, SequenceKey } from '../parking.ts'
import { slotOf } from '../slots.ts'

/** The parked events of one sequence, in the order of positions. */
export interface MemorySequence extends SequenceKey {
  readonly slot: number
  readonly events: ParkedEvent[]
}

/** The parked sequences of one processor on one branch. */
export class ParkedSequences {
  readonly #sequences = new Map<string, MemorySequence>()
  /** Those that are to be tried again, in the order in which that was asked. */
  readonly #asked = new Map<string, SequenceKey>()

  find(key: SequenceKey): MemorySequence | undefined {
    return this.#sequences.get(nameOf(key))
  }

  /** In the order of slots, tenants and names. */
  inOrder(): readonly MemorySequence[] {
    return [...this.#sequences.values()].sort(compareSequences)
  }

  put(event: EventToPark): void {
    const name = nameOf(event)
    let sequence = this.#sequences.get(name)
    if (sequence === undefined) {
      const { tenant, sequence: own } = event
      sequence = { tenant, sequence: own, slot: slotOf(tenant, own), events: [] }
      this.#sequences.set(name, sequence)
    }
    const { events } = sequence
    const index = placeIn(events, event.position)
    const before = events[index]
    if (before?.position !== event.position)
      events.splice(
        index,
        0,
        Object.freeze({ edit: undefined, ...event, edits: event.edit === undefined ? 0 : 1 }),
      )
    else if (event.attempts > 0)
      events[index] = Object.freeze({ ...event, edits: before.edits, edit: before.edit })
  }

  get(key: SequenceKey, position: number): ParkedEvent | undefined {
    const events = this.find(key)?.events ?? []
    const event = events[placeIn(events, position)]
    return event?.position === position ? event : undefined
  }

  replace(event: ParkedEvent): void {
    const events = this.find(event)?.events
    const index = events?.findIndex(({ position }) => position === event.position) ?? -1
    if (index >= 0) events?.splice(index, 1, Object.freeze(event))
  }

  removeAt(key: SequenceKey, position: number): void {
    const events = this.find(key)?.events ?? []
    const index = placeIn(events, position)
    if (events[index]?.position !== position) return
    if (events.length === 1) this.#sequences.delete(nameOf(key))
    else events.splice(index, 1)
  }

  remove(key: SequenceKey, isGone: (event: ParkedEvent) => boolean): void {
    const sequence = this.find(key)
    if (sequence === undefined) return
    const left = sequence.events.filter((event) => !isGone(event))
    if (left.length === 0) this.#sequences.delete(nameOf(key))
    else sequence.events.splice(0, sequence.events.length, ...left)
  }

  ask({ tenant, sequence }: SequenceKey): void {
    const name = nameOf({ tenant, sequence })
    if (!this.#asked.has(name)) this.#asked.set(name, Object.freeze({ tenant, sequence }))
  }

  answer(key: SequenceKey): void {
    this.#asked.delete(nameOf(key))
  }

  isAsked(key: SequenceKey): boolean {
    return this.#asked.has(nameOf(key))
  }

  asked(): readonly SequenceKey[] {
    return [...this.#asked.values()]
  }

  /** Forgets what is parked beyond a position. */
  forgetAfter(last: number): void {
    for (const sequence of this.inOrder()) this.remove(sequence, ({ position }) => position > last)
  }
}

export function compareSequences(one: MemorySequence, other: MemorySequence): number {
  return (
    one.slot - other.slot ||
    compareText(one.tenant, other.tenant) ||
    compareText(one.sequence, other.sequence)
  )
}

function nameOf({ tenant, sequence }: SequenceKey): string {
  return JSON.stringify([tenant, sequence])
}

/** Where a position is, or would be. */
function placeIn(events: readonly ParkedEvent[], position: number): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((events[middle]?.position ?? 0) < position) low = middle + 1
    else high = middle
  }
  return low
}
