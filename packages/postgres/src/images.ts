import type { ImageGeneration, ImageHead, ImagePart, ImagePartsQuery, Images, Lease } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { bigintArray, bytesArray, integerArray, textArray } from './arrays.ts'
import type { Database } from './database.ts'
import { encodedColumns, encodedOf } from './encoded.ts'
import { prepared } from './sql.ts'

const sql = prepared('images')
const find = sql('find')
const parts = sql('parts')
const add = sql('add')
const publish = sql('publish')
const prune = sql('prune')
const drop = sql('drop')

type HeadColumns = [
  hash: string,
  epoch: string,
  position: number,
  eventId: string,
  generations: string,
  takenAt: number,
]

type PartColumns = [
  number: number,
  tenant: string,
  table: string,
  data: string | null,
  bytes: Uint8Array | null,
]

export class PostgresImages implements Images {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  async find(image: string, branch: number): Promise<ImageHead | undefined> {
    const { rows } = await this.#database.run<HeadColumns>(find, [image, branch])
    if (rows[0] === undefined) return undefined
    const [hash, epoch, position, eventId, generations, takenAt] = rows[0]
    return {
      image,
      branch,
      hash,
      epoch,
      position,
      eventId,
      generations: JSON.parse(generations) as ImageGeneration[],
      takenAt,
    }
  }

  async parts({ image, branch, generation, after, limit }: ImagePartsQuery): Promise<readonly ImagePart[]> {
    const { rows } = await this.#database.run<PartColumns>(parts, [image, branch, generation, after, limit])
    return rows.map(([number, tenant, table, data, bytes]) => ({
      image,
      branch,
      generation,
      number,
      tenant,
      table,
      data: encodedOf(data, bytes),
    }))
  }

  async add(added: readonly ImagePart[]): Promise<void> {
    if (added.length === 0) return this.#database.requireOpen()
    const data = added.map((part) => encodedColumns(part.data))
    await this.#database.run(add, [
      textArray(added.map(({ image }) => image)),
      integerArray(added.map(({ branch }) => branch)),
      textArray(added.map(({ generation }) => generation)),
      bigintArray(added.map(({ number }) => number)),
      textArray(added.map(({ tenant }) => tenant)),
      textArray(added.map(({ table }) => table)),
      textArray(data.map(([text]) => text)),
      bytesArray(data.map(([, bytes]) => bytes)),
    ])
  }

  async publish(head: ImageHead, lease: Lease): Promise<void> {
    const { image, branch, hash, epoch, position, eventId, generations, takenAt } = head
    const { count } = await this.#database.run(publish, [
      image,
      branch,
      hash,
      epoch,
      position,
      eventId,
      JSON.stringify(generations),
      takenAt,
      lease.name,
      lease.owner,
      lease.token,
    ])
    if (count === 1) return
    throw new HeadwaterError(
      'processor.fenced',
      `${lease.owner} does not hold the lease ${lease.name} any more`,
    )
  }

  async prune(image: string, branch: number, keep: readonly string[], limit: number): Promise<number> {
    return (await this.#database.run(prune, [image, branch, textArray(keep), limit])).count
  }

  async drop(image: string, branch: number): Promise<void> {
    await this.#database.run(drop, [image, branch])
  }
}
