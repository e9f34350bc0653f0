/**
 * Lets those through who change a few documents each, side by side, until somebody wants to be alone for a moment: whoever
 * comes then waits, and those who are through are waited for.
 */
export class Gate {
  #inside = 0
  #closed: PromiseWithResolvers<void> | undefined
  #emptied: (() => void) | undefined

  get isClosed(): boolean {
    return this.#closed !== undefined
  }

  /** Waits while somebody is alone. */
  async pass(): Promise<void> {
    while (this.#closed !== undefined) await this.#closed.promise
  }

  enter(): void {
    this.#inside += 1
  }

  leave(): void {
    this.#inside -= 1
    if (this.#inside === 0) this.#emptied?.()
  }

  /** Resolves when the caller is alone, until it calls `open`. */
  async close(): Promise<void> {
    while (this.#closed !== undefined) await this.#closed.promise
    this.#closed = Promise.withResolvers()
    if (this.#inside === 0) return
    await new Promise<void>((resolve) => {
      this.#emptied = resolve
    })
    this.#emptied = undefined
  }

  open(): void {
    this.#closed?.resolve()
    this.#closed = undefined
  }
}
