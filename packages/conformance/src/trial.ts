import { randomUUID } from 'node:crypto'
import type { Store } from '@headwater/core'
import type { Capabilities, MakeStore } from './subject.ts'

/** How many times over the repeated tests repeat: HEADWATER_CONFORMANCE_ROUNDS, default 1. */
export const rounds = Math.max(1, Number(process.env['HEADWATER_CONFORMANCE_ROUNDS'] ?? 1) || 1)

/** Processes are started and databases are written to disk, on machines that have other things to do: milliseconds. */
export function timeLimitOf({ slow }: Capabilities): number {
  return (slow === true ? 480_000 : 120_000) * rounds
}

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
  async open(now?: () => number): Promise<Store> {
    const store = await this.#makeStore({ database: this.database, ...(now && { now }) })
    this.#cleanUps.push(() => store.close())
    return store
  }

  /** The same trial, of stores that stand before those under test. */
  over(before: (store: Store) => Store | Promise<Store>): Trial {
    const trial = new Trial(async (options) => before(await this.#makeStore(options)), this.capabilities)
    this.onEnd(() => trial.end())
    return trial
  }

  /** A part with a database of its own that ends before the trial does, such as one of a property’s many runs. */
  within(work: (part: Trial) => Promise<void>): Promise<void> {
    return Trial.hold(this.#makeStore, this.capabilities, work)
  }

  /** Runs when the trial is over, the last one first. */
  onEnd(cleanUp: () => unknown): void {
    this.#cleanUps.push(cleanUp)
  }

  /** Does everything that was left for the end, also after something of it failed. @throws what failed */
  async end(): Promise<void> {
    const remove = (): unknown => this.capabilities.remove?.(this.database)
    const failures: unknown[] = []
    for (const cleanUp of [...this.#cleanUps.splice(0).reverse(), remove]) {
      try {
        await cleanUp()
      } catch (failure) {
        failures.push(failure)
      }
    }
    if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join('; '))
    if (failures.length === 1) throw failures[0]
  }

  /** Does something in a trial of its own, which ends with it. @throws what was found, or else what could not be ended */
  static async hold(
    makeStore: MakeStore,
    capabilities: Capabilities,
    work: (trial: Trial) => Promise<void>,
  ): Promise<void> {
    const trial = new Trial(makeStore, capabilities)
    try {
      await work(trial)
    } catch (finding) {
      // What can't be ended after it is a consequence, more often than not, and must not hide it.
      await Promise.allSettled([trial.end()])
      throw finding
    }
    await trial.end()
  }
}
