import type { ImageHead, ImagePart, Lease } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { statementsOf } from '../sql.ts'
import type { LeaseWriter } from './leases.ts'

const sql = statementsOf('images')

/** The snapshots of memory images, in the transaction that is open. */
export class ImageWriter {
  readonly #leases: LeaseWriter
  readonly #add: Statement
  readonly #publish: Statement
  readonly #prune: Statement
  readonly #drop: Statement

  constructor(database: Database, leases: LeaseWriter) {
    this.#leases = leases
    this.#add = database.prepare(sql('add'))
    this.#publish = database.prepare(sql('publish'))
    this.#prune = database.prepare(sql('prune'))
    this.#drop = database.prepare(sql('drop'))
  }

  add(parts: readonly ImagePart[]): void {
    for (const { image, branch, generation, number, tenant, table, data } of parts) {
      this.#add.run(image, branch, generation, number, tenant, table, data)
    }
  }

  /** @throws HeadwaterError `processor.fenced` */
  publish(head: ImageHead, lease: Lease): void {
    this.#leases.require(lease)
    const { image, branch, hash, epoch, position, eventId, generations, takenAt } = head
    this.#publish.run(image, branch, hash, epoch, position, eventId, JSON.stringify(generations), takenAt)
  }

  prune(image: string, branch: number, keep: readonly string[], limit: number): number {
    return this.#prune.run(image, branch, JSON.stringify(keep), limit).changes
  }

  drop(image: string, branch: number): void {
    this.#drop.run(image, branch)
  }
}
