import type { OverlayView } from '../overlay-view.ts'
import type { AroundReader } from './around.ts'

export interface OverlayAroundParts {
  /** Up to this position main has the events, and knows what they changed. */
  readonly base: number
  readonly main: AroundReader
  /** The document of a key as of the base. */
  readonly past: (key: string) => Promise<unknown>
  /** Whether an event of a key up to the base waits on main, as it could not be folded. */
  readonly waits: (key: string) => Promise<boolean>
  /** A document as of a position, folded from all of the branch. */
  readonly asOf: (key: string, position: number) => Promise<unknown>
  /** Begins to fold what the branch has of its own, as far as it is told to. */
  readonly open: (upTo: () => number) => OverlayView
}

/**
 * A view on a branch right before and right after each of its events. Two folds of the branch's own events are kept, one for
 * either side: whoever steps on has one event folded by each, whoever steps back has them begin anew.
 */
export class OverlayAround implements AroundReader {
  readonly #parts: OverlayAroundParts
  readonly #before: Cut
  readonly #after: Cut

  constructor(parts: OverlayAroundParts) {
    this.#parts = parts
    this.#before = new Cut(parts)
    this.#after = new Cut(parts)
  }

  async around(key: string, tenant: string, position: number): Promise<readonly [unknown, unknown]> {
    const { base, main } = this.#parts
    if (position <= base) return main.around(key, tenant, position)
    return Promise.all([this.#before.get(key, position - 1), this.#after.get(key, position)])
  }
}

/** Documents as of a position of the branch. */
class Cut {
  readonly #parts: OverlayAroundParts
  #overlay: OverlayView | undefined
  #position = 0
  readonly #waiting = new Map<string, boolean>()
  /** What is read is read one after the other: the next one may want another position. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: OverlayAroundParts) {
    this.#parts = parts
  }

  get(key: string, position: number): Promise<unknown> {
    const read = this.#last.then(() => this.#get(key, position))
    this.#last = Promise.allSettled([read])
    return read
  }

  async #get(key: string, position: number): Promise<unknown> {
    const { base, past, asOf, open } = this.#parts
    if (position <= base) return past(key)
    if (position < this.#position) this.#overlay = undefined
    this.#position = position
    const overlay = (this.#overlay ??= open(() => this.#position))
    await overlay.catchUp()
    // What waits behind an event that is amended later goes on from there: only a fold of all of it tells how.
    if (overlay.isStuck || (await this.#waits(key))) return asOf(key, position)
    return overlay.has(key) ? overlay.document(key) : past(key)
  }

  async #waits(key: string): Promise<boolean> {
    const known = this.#waiting.get(key)
    if (known !== undefined) return known
    // Once the past can be told, main has parked what it has to park of it.
    await this.#parts.past(key)
    const waits = await this.#parts.waits(key)
    this.#waiting.set(key, waits)
    return waits
  }
}
