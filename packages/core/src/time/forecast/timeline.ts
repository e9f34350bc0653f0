import type { RecordedEvent } from '../../message/recorded.ts'
import type { View } from '../../view/view.ts'

interface Version {
  /** From the end of this period on, up to that of the next version. */
  readonly period: number
  /** Null: there is none. */
  document: unknown
}

/**
 * How one document stood at the ends of periods: at each it is the fold of what had occurred by then, in the order in which it
 * was recorded, as a read as of that moment has it.
 */
export class Timeline {
  readonly #view: View
  readonly #key: string
  readonly #versions: Version[] = []
  #isStuck = false

  constructor(view: View, key: string) {
    this.#view = view
    this.#key = key
  }

  get versions(): readonly Version[] {
    return this.#versions
  }

  /** @param period in which the event occurred: it shows at the end of that one and of all later ones */
  take(event: RecordedEvent, period: number): void {
    if (this.#isStuck) return
    const first = this.#begin(period)
    try {
      for (const version of this.#versions.slice(first))
        version.document = this.#view.fold(version.document ?? this.#initial(), event, this.#key) ?? null
    } catch {
      // The view has parked it, and what follows for the key waits.
      this.#isStuck = true
    }
  }

  /** The place of the version of a period, which is made of the one before if there is none. */
  #begin(period: number): number {
    const place = this.#versions.findLastIndex((version) => version.period <= period)
    const before = this.#versions[place]
    if (before?.period === period) return place
    this.#versions.splice(place + 1, 0, { period, document: before?.document ?? null })
    return place + 1
  }

  #initial(): unknown {
    return this.#view.initial(this.#key)
  }
}
