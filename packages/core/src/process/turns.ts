// Taken before a test can replace it by a fake one: virtual time must not stop the work.
const { setImmediate } = globalThis

/**
 * Lets the event loop turn. Work that awaits only what is already there, such as pages of a local database, goes on in one
 * turn without end, and nobody else in the process is served.
 */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Lets the event loop turn when work has gone on for so many milliseconds. */
export class Turns {
  readonly #longest: number
  #since = performance.now()

  constructor(longest: number) {
    this.#longest = longest
  }

  async take(): Promise<void> {
    if (performance.now() - this.#since < this.#longest) return
    await turn()
    this.#since = performance.now()
  }
}
