/** First come, first served, per key, within this process. */
export class Queues {
  readonly #tails = new Map<string, Promise<unknown>>()

  /** Whether something of the key runs or waits. */
  isBusy(key: string): boolean {
    return this.#tails.has(key)
  }

  /** Runs `work` once all earlier work of the key has ended, well or badly. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key)
    const result = before === undefined ? work() : before.then(work, work)
    this.#tails.set(key, result)
    const forget = (): void => {
      if (this.#tails.get(key) === result) this.#tails.delete(key)
    }
    result.then(forget, forget)
    return result
  }
}
