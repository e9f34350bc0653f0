/** Over so many milliseconds a rate is measured. */
const span = 5_000
/** A rate over less says nothing. */
const shortestSpan = 200

/** How fast a position moves, told by those who look at it. */
export class Rate {
  #samples: { readonly time: number; readonly position: number }[] = []

  /** Notes a position, and gives how many positions a second it has moved of late; null: not known yet. */
  at(position: number, time = performance.now()): number | null {
    const last = this.#samples.at(-1)
    // It has begun anew: what was seen before says nothing.
    if (last !== undefined && position < last.position) this.#samples = []
    this.#samples.push({ time, position })
    // One sample from before the span stays, to measure from.
    while (this.#samples.length > 2 && (this.#samples[1]?.time ?? time) <= time - span) this.#samples.shift()
    const first = this.#samples[0]
    if (first === undefined || time - first.time < shortestSpan) return null
    return ((position - first.position) / (time - first.time)) * 1_000
  }
}
