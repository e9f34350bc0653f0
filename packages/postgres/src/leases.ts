import type { Lease, Leases } from '@headwater/core'
import type { Database, Session } from './database.ts'
import type { Presence } from './presence.ts'
import { prepared } from './sql.ts'

const sql = prepared('leases')

export class PostgresLeases implements Leases {
  readonly #database: Database
  readonly #presence: Presence
  #isPruned = false

  constructor(database: Database, presence: Presence) {
    this.#database = database
    this.#presence = presence
  }

  async acquire(name: string, owner: string, duration: number): Promise<Lease | undefined> {
    const presence = await this.#presence.lock()
    const { rows } = await this.#database.run<[number]>(sql('acquire'), [name, owner, duration, presence])
    await this.#prune()
    const [row] = rows
    return row && { name, owner, token: row[0] }
  }

  async renew({ name, owner, token }: Lease, duration: number): Promise<boolean> {
    const presence = await this.#presence.lock()
    const { count } = await this.#database.run(sql('renew'), [duration, presence, name, owner, token])
    return count === 1
  }

  async release({ name, owner, token }: Lease): Promise<void> {
    await this.#database.run(sql('release'), [name, owner, token])
  }

  async held(prefix: string): Promise<readonly Pick<Lease, 'name' | 'owner'>[]> {
    const { rows } = await this.#database.run<[string, string]>(sql('all-held'), [prefix])
    return rows.map(([name, owner]) => ({ name, owner }))
  }

  /** Every process has names of its own: once for each of them, what those of long ago have left behind goes. */
  async #prune(): Promise<void> {
    if (this.#isPruned) return
    this.#isPruned = true
    await this.#database.run(sql('prune'))
  }
}

/** As the first of what only the holder may write: it fails with `processor.fenced`, and all of the transaction with it. */
export function requireLease(session: Session, { name, owner, token }: Lease): Promise<unknown> {
  return session.run(sql('require'), [name, owner, token])
}

/** Whether a lease is held; then no other takes it until the transaction has ended. */
export async function isHeld(session: Session, { name, owner, token }: Lease): Promise<boolean> {
  const { count } = await session.run(sql('held'), [name, owner, token])
  return count === 1
}
