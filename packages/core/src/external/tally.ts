import type { Caller } from '../log/external-journal.ts'

/** What this process made of the calls of an external since it began. */
export interface ExternalCounts {
  /** Answered or failed by the outside. */
  readonly answered: number
  readonly failed: number
  /** Answered by the journal. */
  readonly replayed: number
  readonly blocked: number
  /** Attempts at reaching the outside. */
  readonly attempts: number
  /** Under way now. */
  readonly underway: number
  /** Milliseconds that calls to the outside have taken, pauses between attempts included. */
  readonly milliseconds: number
}

type Count = keyof ExternalCounts

/** A call that was not made. */
export interface BlockedCall {
  readonly external: string
  readonly tenant: string
  readonly caller: Caller
  readonly why: string
  readonly at: Date
}

/** So many of the calls that were blocked last are remembered. */
const mostBlocked = 100

/** Counts calls, and remembers which ones were blocked. */
export class Tally {
  readonly #counts = new Map<string, Record<Count, number>>()
  #blocked: BlockedCall[] = []

  add(external: string, count: Count, by = 1): void {
    this.#of(external)[count] += by
  }

  addBlocked(call: BlockedCall): void {
    this.add(call.external, 'blocked')
    this.#blocked = [call, ...this.#blocked].slice(0, mostBlocked)
  }

  countsOf(external: string): ExternalCounts {
    return { ...this.#of(external) }
  }

  /** The last first. */
  get blocked(): readonly BlockedCall[] {
    return this.#blocked
  }

  #of(external: string): Record<Count, number> {
    let counts = this.#counts.get(external)
    if (counts === undefined) {
      counts = { answered: 0, failed: 0, replayed: 0, blocked: 0, attempts: 0, underway: 0, milliseconds: 0 }
      this.#counts.set(external, counts)
    }
    return counts
  }
}
