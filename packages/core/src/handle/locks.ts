import { HeadwaterError } from '../message/errors.ts'
import type { Clock } from '../log/clock.ts'
import { leaseOwner } from '../log/owner.ts'
import type { Leases } from '../log/leases.ts'
import { Queues } from './queues.ts'

const firstPause = 2
const longestPause = 50

/** A lock per stream across all processes, on the store's leases. */
export class StreamLocks {
  readonly #leases: Leases
  readonly #clock: Clock
  readonly #queues = new Queues()

  constructor(leases: Leases, clock: Clock) {
    this.#leases = leases
    this.#clock = clock
  }

  /**
   * Runs `work` while holding the lock of a stream.
   *
   * @param timeLimit milliseconds to wait for the lock, and to hold it before others may take it
   * @throws HeadwaterError `lock.timeout`
   */
  run<T>(key: string, timeLimit: number, work: () => Promise<T>): Promise<T> {
    const deadline = this.#clock.now() + timeLimit
    // Within the process callers queue, so that only one of them asks the database.
    return this.#queues.run(key, async () => {
      const lease = await this.#acquire(key, timeLimit, deadline)
      try {
        return await work()
      } finally {
        await this.#leases.release(lease)
      }
    })
  }

  async #acquire(key: string, timeLimit: number, deadline: number) {
    const name = `lock:${key}`
    const owner = leaseOwner()
    for (let pause = firstPause; this.#clock.now() <= deadline; pause = Math.min(2 * pause, longestPause)) {
      const lease = await this.#leases.acquire(name, owner, timeLimit)
      if (lease !== undefined) return lease
      await this.#clock.sleep(pause)
    }
    throw new HeadwaterError('lock.timeout', `The lock on ${key} was not free within ${timeLimit} ms`, {
      details: { key, timeLimit },
    })
  }
}
