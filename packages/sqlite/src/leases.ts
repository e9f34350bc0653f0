import type { Lease, Leases } from '@headwater/core'
import type { Writer } from './writer.ts'

export class SqliteLeases implements Leases {
  readonly #writer: Writer

  constructor(writer: Writer) {
    this.#writer = writer
  }

  acquire(name: string, owner: string, duration: number): Promise<Lease | undefined> {
    return this.#writer.perform('acquireLease', name, owner, duration)
  }

  renew(lease: Lease, duration: number): Promise<boolean> {
    return this.#writer.perform('renewLease', lease, duration)
  }

  release(lease: Lease): Promise<void> {
    return this.#writer.perform('releaseLease', lease)
  }
}
