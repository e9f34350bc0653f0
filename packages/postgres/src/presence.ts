import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Database } from './database.ts'
import { statementsOf } from './sql.ts'

const bePresent = statementsOf('leases')('be-present')

/** Milliseconds until a lost connection is made again. */
const pause = 1_000

/**
 * A connection that has an advisory lock for as long as this process lives: the operating system closes it when the process
 * is killed, and the others know at once that its leases are nobody's. Without it, as behind a pool that shares out
 * connections by transaction, or when a machine falls silent, leases run out.
 */
export class Presence {
  readonly #database: Database
  #client: pg.Client | undefined
  #lock: bigint | null = null
  #coming: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(database: Database) {
    this.#database = database
  }

  /** The number of the lock; null: there is none at the moment. */
  async lock(): Promise<bigint | null> {
    await (this.#coming ??= this.#come())
    return this.#lock
  }

  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#coming
    await this.#client?.end()
  }

  async #come(): Promise<void> {
    if (this.#isClosed) return
    const client = this.#database.client()
    const lost = (): void => {
      if (this.#client === client) this.#leave()
      if (!this.#isClosed) this.#timer ??= setTimeout(() => this.#comeAgain(), pause).unref()
    }
    client.on('error', lost)
    client.on('end', lost)
    try {
      await client.connect()
      // Another number each time: one that was given up must not look as if it were still there.
      const lock = randomBytes(8).readBigInt64BE()
      await client.query(bePresent, [lock])
      this.#client = client
      this.#lock = lock
    } catch {
      // Leases are taken without it, and run out: whoever needs the database hears what is wrong with it.
      await client.end()
      lost()
    }
  }

  #leave(): void {
    this.#client = undefined
    this.#lock = null
  }

  #comeAgain(): void {
    this.#timer = undefined
    this.#coming = this.#come()
  }
}
