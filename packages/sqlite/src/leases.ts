import type { Lease, Leases } from '@headwater/core'
import { isOwnerGone } from '@headwater/core/owner'
import type { Statement } from './database.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

export class SqliteLeases implements Leases {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #held: Statement<[string, string], Pick<Lease, 'name' | 'owner'>>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#held = reader.database.prepare(statementsOf('leases')('all-held'))
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

  /** What a process that was killed has left behind is not held. */
  held(prefix: string): Promise<readonly Pick<Lease, 'name' | 'owner'>[]> {
    return this.#reader.read(() => this.#held.all(prefix, prefix).filter(({ owner }) => !isOwnerGone(owner)))
  }
}
