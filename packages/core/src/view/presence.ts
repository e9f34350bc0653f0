import type { RunnerParts } from '../process/runner.ts'

/**
 * Shows other processes that one lives here whose appends feed an inline view: nothing else would, as appends need no
 * lease. One of several that do it holds the lease, and the others take it over.
 */
export class Presence {
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>

  constructor(name: string, parts: RunnerParts) {
    this.#running = this.#hold(name, parts)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  async #hold(name: string, { store, owner, leaseDuration, clock, onError }: RunnerParts): Promise<void> {
    const { signal } = this.#stopping
    let lease
    while (!signal.aborted) {
      try {
        lease = await store.leases.acquire(name, owner, leaseDuration)
      } catch (error) {
        onError(error, {})
      }
      await clock.idle(leaseDuration / 3, signal)
    }
    if (lease !== undefined) await store.leases.release(lease)
  }
}

export function presenceOf(collection: string): string {
  return `inline:${collection}`
}
