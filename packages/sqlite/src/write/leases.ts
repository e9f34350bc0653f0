import type { Lease } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'

const sql = statementsOf('leases')

export class LeaseWriter {
  readonly #acquire: Statement<[string, string, number], number>
  readonly #renew: Statement
  readonly #release: Statement

  constructor(database: Database) {
    this.#acquire = database.prepare<[string, string, number], number>(sql('acquire')).pluck()
    this.#renew = database.prepare(sql('renew'))
    this.#release = database.prepare(sql('release'))
  }

  acquire(name: string, owner: string, duration: number): Lease | undefined {
    const token = this.#acquire.get(name, owner, duration)
    return token === undefined ? undefined : { name, owner, token }
  }

  renew({ name, owner, token }: Lease, duration: number): boolean {
    return this.#renew.run(duration, name, owner, token).changes === 1
  }

  release({ name, owner, token }: Lease): void {
    this.#release.run(name, owner, token)
  }
}
