import { appendFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { linesOf } from '../journal.ts'

const bufferSize = 64 * 1_024

/**
 * Items by key, on disk: written in the order of time, read back key by key. However many there are, only one of the
 * buckets is in memory, and each holds so small a part as there are buckets.
 */
export class Spread<Item> {
  readonly #paths: readonly string[]
  readonly #buffers: string[]

  constructor(folder: string, name: string, buckets: number) {
    this.#paths = Array.from({ length: buckets }, (_, index) => join(folder, `${name}-${index}.ndjson`))
    this.#buffers = this.#paths.map(() => '')
  }

  add(key: string, item: Item): void {
    const bucket = hashed(key) % this.#paths.length
    const text = `${this.#buffers[bucket]}${JSON.stringify([key, item])}\n`
    this.#buffers[bucket] = text
    if (text.length > bufferSize) this.#flush(bucket)
  }

  /** The items of each key, in the order in which they were added. What was read is gone. */
  *buckets(): Generator<ReadonlyMap<string, readonly Item[]>> {
    for (const [bucket, path] of this.#paths.entries()) {
      this.#flush(bucket)
      const items = new Map<string, Item[]>()
      if (!existsSync(path)) continue
      for (const line of linesOf(path)) {
        const [key, item] = JSON.parse(line) as [string, Item]
        const known = items.get(key)
        if (known === undefined) items.set(key, [item])
        else known.push(item)
      }
      rmSync(path)
      yield items
    }
  }

  #flush(bucket: number): void {
    const [path, text] = [this.#paths[bucket], this.#buffers[bucket]]
    if (path === undefined || text === undefined || text === '') return
    appendFileSync(path, text)
    this.#buffers[bucket] = ''
  }
}

function hashed(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash ^ (hash >>> 15)) >>> 0
}
