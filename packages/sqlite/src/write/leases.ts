import type { Lease } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { isOwnerGone } from '@headwater/core/owner'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('leases')

export class LeaseWriter {
  readonly #acquire: Statement<[string, string, number], number>
  readonly #holder: Statement<[string], string>
  readonly #evict: Statement
  readonly #renew: Statement
  readonly #release: Statement
  readonly #held: Statement

  constructor(database: Database) {
    this.#acquire = database.prepare<[string, string, number], number>(sql('acquire')).pluck()
    this.#holder = database.prepare<[string], string>(sql('holder')).pluck()
    this.#evict = database.prepare(sql('evict'))
    this.#renew = database.prepare(sql('renew'))
    this.#release = database.prepare(sql('release'))
    this.#held = database.prepare(sql('held'))
  }

  acquire(name: string, owner: string, duration: number): Lease | undefined {
    const token = this.#acquire.get(name, owner, duration) ?? this.#takeOver(name, owner, duration)
    return token === undefined ? undefined : { name, owner, token }
  }

  /** All who use a file live on one machine: of a holder that was killed it can be known. */
  #takeOver(name: string, owner: string, duration: number): number | undefined {
    const holder = this.#holder.get(name)
    if (holder === undefined || !isOwnerGone(holder)) return undefined
    this.#evict.run(name, holder)
    return this.#acquire.get(name, owner, duration)
  }

  renew({ name, owner, token }: Lease, duration: number): boolean {
    return this.#renew.run(duration, name, owner, token).changes === 1
  }

  release({ name, owner, token }: Lease): void {
    this.#release.run(name, owner, token)
  }

  /**
   * In the transaction of what only the holder may write.
   *
   * @throws HeadwaterError `processor.fenced`
   */
  require({ name, owner, token }: Lease): void {
    if (this.#held.get(name, owner, token) !== undefined) return
    throw new HeadwaterError('processor.fenced', `${owner} does not hold the lease ${name} any more`)
  }
}
