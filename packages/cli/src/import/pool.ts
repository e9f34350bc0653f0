/** Runs work side by side: so many at most, and what has the same key one after the other, in order. */
export class Pool {
  readonly #most: number
  readonly #running = new Set<Promise<void>>()
  readonly #lastOf = new Map<string, Promise<void>>()
  #failure: { readonly error: unknown } | undefined

  /** @param most how many at once */
  constructor(most: number) {
    this.#most = most
  }

  /**
   * Resolves when there is room for more.
   *
   * @throws what earlier work threw: nothing is begun after a failure
   */
  async add(key: string, work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running)
    this.#check()
    const before = this.#lastOf.get(key)
    const running: Promise<void> = this.#run(before, work).finally(() => {
      this.#running.delete(running)
      if (this.#lastOf.get(key) === running) this.#lastOf.delete(key)
    })
    this.#running.add(running)
    this.#lastOf.set(key, running)
  }

  /** Waits for everything. @throws what work threw */
  async drain(): Promise<void> {
    await Promise.all(this.#running)
    this.#check()
  }

  async #run(before: Promise<void> | undefined, work: () => Promise<void>): Promise<void> {
    await before
    if (this.#failure !== undefined) return
    try {
      await work()
    } catch (error) {
      this.#failure ??= { error }
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}
