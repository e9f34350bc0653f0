import { randomFillSync, randomUUID } from 'node:crypto'

export type StreamOrder = 'ordered' | 'random'

/** Makes the names of new streams; the same kind for everyone in a run. */
export function streamNames(order: StreamOrder): () => string {
  const id = order === 'ordered' ? orderedId() : randomUUID
  return () => `account-${id()}`
}

/**
 * UUIDs of version 7 that rise within a millisecond too (RFC 9562, method 1: a counter in rand_a),
 * so that new keys land at the right edge of an index. Random ones (`--streams random`) land anywhere.
 */
export function orderedId(): () => string {
  const pool = Buffer.alloc(8 * 512)
  let used = pool.length
  let time = 0
  let counter = 0
  return () => {
    const now = Date.now()
    if (now > time) {
      time = now
      counter = 0
    } else if (++counter > 0xfff) {
      time++
      counter = 0
    }
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    pool[used] = ((pool[used] ?? 0) & 0x3f) | 0x80
    const random = pool.toString('hex', used, used + 8)
    used += 8
    const at = time.toString(16).padStart(12, '0')
    const count = (0x7000 | counter).toString(16)
    return `${at.slice(0, 8)}-${at.slice(8)}-${count}-${random.slice(0, 4)}-${random.slice(4)}`
  }
}
