import type { Clock } from '../log/clock.ts'

/** The time on a branch: everybody's, moved by an offset that may change at any time. Waiting takes as long as it takes. */
export class BranchClock implements Clock {
  /** Milliseconds. */
  offset: number
  readonly #clock: Clock

  constructor(clock: Clock, offset: number) {
    this.#clock = clock
    this.offset = offset
  }

  now(): number {
    return this.#clock.now() + this.offset
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(milliseconds, signal)
  }

  idle(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.idle(milliseconds, signal)
  }

  every(milliseconds: number, work: () => void): () => void {
    return this.#clock.every(milliseconds, work)
  }
}
