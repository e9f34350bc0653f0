import type { Control } from '../log/controls.ts'
import { mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import { leasePrefix } from './lease-names.ts'

/** Milliseconds, by the machine's clock, until what an operator says in another process is heard. */
const interval = 250

/** What is said about processors and who holds their leases: one look at the store for all processors of a process. */
export class Watch {
  readonly #store: Store
  readonly #onError: (error: unknown) => void
  readonly #listeners = new Set<() => void>()
  #controls = new Map<string, Control>()
  /** Owners by the names of leases. */
  #leases = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #again = false

  constructor(store: Store, onError: (error: unknown) => void) {
    this.#store = store
    this.#onError = onError
  }

  control(processor: string): Control | undefined {
    return this.#controls.get(processor)
  }

  /** Who held a lease when it was looked at last. */
  holder(lease: string): string | undefined {
    return this.#leases.get(lease)
  }

  /** Who held leases of names that begin so. */
  holders(prefix: string): readonly string[] {
    return [...this.#leases].filter(([name]) => name.startsWith(prefix)).map(([, owner]) => owner)
  }

  /** Calls back after every look, until the function that it gives is called. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    this.#timer ??= setInterval(() => void this.look(), interval).unref()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }

  /** Resolves when everything is known that was said before; never rejects. */
  async look(): Promise<void> {
    this.#again = true
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  async #look(): Promise<void> {
    while (this.#again) {
      this.#again = false
      try {
        const [controls, leases] = await Promise.all([
          this.#store.controls.list(mainBranch),
          this.#store.leases.held(leasePrefix),
        ])
        this.#controls = new Map(controls.map((control) => [control.processor, control]))
        this.#leases = new Map(leases.map(({ name, owner }) => [name, owner]))
      } catch (error) {
        this.#onError(error)
      }
    }
    for (const listener of this.#listeners) listener()
  }
}
