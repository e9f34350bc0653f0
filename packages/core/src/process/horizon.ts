import type { Controls } from '../log/controls.ts'
import { type Partition, reachedBy } from '../log/partitions.ts'
import { mainBranch } from '../log/port.ts'
import { slotOf } from '../log/slots.ts'

/** Up to which position the events of some slots had been handled when a processor was reset. */
export interface HandledSlots {
  readonly first: number
  readonly last: number
  readonly position: number
}

/**
 * Which events a processor had handled before it was reset: they come again, and then nothing reaches the outside. Kept in
 * the acts of the resets, each of which says it for all before it.
 */
export class Horizon {
  readonly #slots: readonly HandledSlots[]

  constructor(slots: readonly HandledSlots[] = []) {
    this.#slots = slots
  }

  static async of(controls: Pick<Controls, 'acts'>, processor: string): Promise<Horizon> {
    let before: number | undefined
    for (;;) {
      const query = { processor, branch: mainBranch, limit: 100, ...(before !== undefined && { before }) }
      const acts = await controls.acts(query)
      const reset = acts.find(({ kind }) => kind === 'reset')
      if (reset !== undefined) return new Horizon(handledIn(reset.details))
      before = acts.at(-1)?.sequence
      if (before === undefined) return new Horizon()
    }
  }

  /** What a reset has to say: what was handled before earlier ones, and now. */
  and(partitions: readonly Partition[]): readonly HandledSlots[] {
    const now = partitions.flatMap((partition) => [
      { first: partition.first, last: partition.last, position: partition.checkpoint.position },
      ...partition.ahead.map(({ first, last }) => {
        return { first, last, position: reachedBy(partition, first).position }
      }),
    ])
    return flattened([...this.#slots, ...now])
  }

  covers(tenant: string, key: string, position: number): boolean {
    if (this.#slots.length === 0 || this.#slots.every((slots) => slots.position < position)) return false
    const slot = slotOf(tenant, key)
    return this.#slots.some(
      ({ first, last, position: to }) => first <= slot && slot <= last && position <= to,
    )
  }
}

function handledIn(details: string): readonly HandledSlots[] {
  const { handled = [] } = JSON.parse(details) as {
    readonly handled?: readonly (readonly [first: number, last: number, position: number])[]
  }
  return handled.map(([first, last, position]) => ({ first, last, position }))
}

/** Each slot once, with the furthest position of all that name it. */
function flattened(slots: readonly HandledSlots[]): readonly HandledSlots[] {
  const cuts = [...new Set(slots.flatMap(({ first, last }) => [first, last + 1]))].sort((a, b) => a - b)
  const flat: HandledSlots[] = []
  for (const [index, first] of cuts.slice(0, -1).entries()) {
    const last = (cuts[index + 1] ?? first) - 1
    const over = slots.filter((one) => one.first <= first && last <= one.last)
    if (over.length === 0) continue
    const position = Math.max(...over.map((one) => one.position))
    const before = flat.at(-1)
    if (before !== undefined && before.last + 1 === first && before.position === position)
      flat[flat.length - 1] = { ...before, last }
    else flat.push({ first, last, position })
  }
  return flat
}
