import { randomUUID } from 'node:crypto'
import type { Store } from '@headwater/core'
import type { Capabilities, MakeStore } from './subject.ts'

/** How many times over the repeated tests repeat: HEADWATER_CONFORMANCE_ROUNDS, default 1. */
export const rounds = Math.max(1, Number(process.env['HEADWATER_CONFORMANCE_ROUNDS'] ?? 1) || 1)

/** One test's own database, and what the test opened. */
export class Trial {
  readonly database = randomUUID()
  readonly capabilities: Capabilities
  readonly #makeStore: MakeStore
  readonly #cleanUps: (() => unknown)[] = []

  constructor(makeStore: MakeStore, capabilities: Capabilities) {
    this.#makeStore = makeStore
    this.capabilities = capabilities
  }

  /** Opens the trial's database: the first time it is empty. */
  open(now?: () => number): Promise<Store> {
    return this.#open(this.database, now)
  }

  /** Opens another database, an empty one. */
  openNew(now?: () => number): Promise<Store> {
    return this.#open(randomUUID(), now)
  }

  async #open(database: string, now: (() => number) | undefined): Promise<Store> {
    const store = await this.#makeStore({ database, ...(now && { now }) })
    this.#cleanUps.push(() => store.close())
    return store
  }

  /** The same trial, of stores that stand before those under test. */
  over(before: (store: Store) => Store | Promise<Store>): Trial {
    const trial = new Trial(async (options) => before(await this.#makeStore(options)), this.capabilities)
    this.onEnd(() => trial.end())
    return trial
  }

  /** Runs when the trial is over, the last one first. */
  onEnd(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp)
  }

  async end(): Promise<void> {
    for (const cleanUp of this.#cleanUps.reverse()) await cleanUp()
  }
}
