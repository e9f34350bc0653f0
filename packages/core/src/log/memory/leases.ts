import type { Lease, Leases } from '../leases.ts'
import type { Gate } from './gate.ts'

interface Holding {
  readonly lease: Lease
  /** Epoch milliseconds; the lease is lost from then on. */
  expiresAt: number
}

export class MemoryLeases implements Leases {
  readonly #gate: Gate
  readonly #now: () => number
  /** The last holding of each name, whether it is still held or not: the next token has to be higher. */
  readonly #holdings = new Map<string, Holding>()

  constructor(gate: Gate, now: () => number) {
    this.#gate = gate
    this.#now = now
  }

  async acquire(name: string, owner: string, duration: number): Promise<Lease | undefined> {
    await this.#gate.pass()
    const last = this.#holdings.get(name)
    const expiresAt = this.#now() + duration
    if (last === undefined || !this.isHeld(last.lease)) {
      const lease = Object.freeze({ name, owner, token: (last?.lease.token ?? 0) + 1 })
      this.#holdings.set(name, { lease, expiresAt })
      return lease
    }
    if (last.lease.owner !== owner) return undefined
    last.expiresAt = expiresAt
    return last.lease
  }

  async renew(lease: Lease, duration: number): Promise<boolean> {
    await this.#gate.pass()
    const holding = this.#holdings.get(lease.name)
    if (holding === undefined || !this.isHeld(lease)) return false
    holding.expiresAt = this.#now() + duration
    return true
  }

  async release(lease: Lease): Promise<void> {
    await this.#gate.pass()
    const holding = this.#holdings.get(lease.name)
    if (holding !== undefined && this.isHeld(lease)) holding.expiresAt = Number.NEGATIVE_INFINITY
  }

  async held(prefix: string): Promise<readonly Lease[]> {
    await this.#gate.pass()
    return [...this.#holdings.values()]
      .map(({ lease }) => lease)
      .filter((lease) => lease.name.startsWith(prefix) && this.isHeld(lease))
  }

  /** Within a commit. */
  isHeld({ name, owner, token }: Lease): boolean {
    const holding = this.#holdings.get(name)
    return (
      holding !== undefined &&
      holding.lease.owner === owner &&
      holding.lease.token === token &&
      this.#now() < holding.expiresAt
    )
  }
}
