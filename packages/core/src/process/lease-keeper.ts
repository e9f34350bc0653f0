import type { Clock } from '../log/clock.ts'
import type { Lease, Leases } from '../log/leases.ts'

export interface LeaseKeeperParts {
  readonly leases: Leases
  readonly clock: Clock
  /** Milliseconds after which a lease of a process that died is free. */
  readonly duration: number
  readonly onError: (error: unknown) => void
}

/** Renews all leases of a process in one breath, so that they share a transaction. */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts
  /** With what is to be done when one is lost. */
  readonly #kept = new Map<Lease, () => void>()
  #stop: (() => void) | undefined

  constructor(parts: LeaseKeeperParts) {
    this.#parts = parts
  }

  async acquire(name: string, owner: string, onLost: () => void): Promise<Lease | undefined> {
    const lease = await this.#parts.leases.acquire(name, owner, this.#parts.duration)
    if (lease === undefined) return undefined
    this.#kept.set(lease, onLost)
    this.#stop ??= this.#parts.clock.every(this.#parts.duration / 3, () => this.#renew())
    return lease
  }

  /** Lets go of a lease, unless it was lost. */
  async release(lease: Lease): Promise<void> {
    if (this.#forget(lease)) await this.#parts.leases.release(lease)
  }

  /** False: it was lost before. Without a lease there is nothing to renew, and nothing keeps the process from ending. */
  #forget(lease: Lease): boolean {
    const isKept = this.#kept.delete(lease)
    if (this.#kept.size === 0) {
      this.#stop?.()
      this.#stop = undefined
    }
    return isKept
  }

  #renew(): void {
    for (const [lease, onLost] of this.#kept) {
      this.#parts.leases.renew(lease, this.#parts.duration).then(
        (isHeld) => {
          if (!isHeld && this.#forget(lease)) onLost()
        },
        (error: unknown) => this.#parts.onError(error),
      )
    }
  }
}
