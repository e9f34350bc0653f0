import type { ImageGeneration, ImageHead, ImagePart, ImagePartsQuery, Images, Lease } from '@headwater/core'
import type { Statement } from './database.ts'
import { encoded, type Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('images')

interface HeadColumns {
  readonly hash: string
  readonly epoch: string
  readonly position: number
  readonly event_id: string
  readonly generations: string
  readonly taken_at: number
}

type PartColumns = [number: number, tenant: string, table: string, data: string | Buffer]

export class SqliteImages implements Images {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #find: Statement<[string, number], HeadColumns>
  readonly #parts: Statement<[string, number, string, number, number], PartColumns>

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader
    this.#writer = writer
    this.#find = reader.database.prepare(sql('find'))
    this.#parts = reader.database
      .prepare<[string, number, string, number, number], PartColumns>(sql('parts'))
      .raw()
  }

  find(image: string, branch: number): Promise<ImageHead | undefined> {
    return this.#reader.read(() => {
      const columns = this.#find.get(image, branch)
      if (columns === undefined) return undefined
      const { hash, epoch, position, event_id: eventId, taken_at: takenAt } = columns
      const generations = JSON.parse(columns.generations) as ImageGeneration[]
      return { image, branch, hash, epoch, position, eventId, generations, takenAt }
    })
  }

  parts({ image, branch, generation, after, limit }: ImagePartsQuery): Promise<readonly ImagePart[]> {
    return this.#reader.read(() =>
      this.#parts.all(image, branch, generation, after, limit).map(([number, tenant, table, data]) => ({
        image,
        branch,
        generation,
        number,
        tenant,
        table,
        data: encoded(data),
      })),
    )
  }

  add(parts: readonly ImagePart[]): Promise<void> {
    return this.#writer.perform('addImageParts', parts)
  }

  publish(head: ImageHead, lease: Lease): Promise<void> {
    return this.#writer.perform('publishImage', head, lease)
  }

  prune(image: string, branch: number, keep: readonly string[], limit: number): Promise<number> {
    return this.#writer.perform('pruneImage', image, branch, keep, limit)
  }

  drop(image: string, branch: number): Promise<void> {
    return this.#writer.perform('dropImage', image, branch)
  }
}
