import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import Database from 'better-sqlite3'
import { ourFile } from '../data/files.ts'
import type { ImageJob } from '../image/job.ts'

const page = 1_000

/** Reads our own file in pages of position and data, parses the data, and adds up in a Map: the least that an image takes. */
export async function rawImage({ folder }: ImageJob): Promise<number> {
  const begin = performance.now()
  const database = new Database(join(folder, ourFile), { readonly: true })
  const select = database.prepare<[number, number], { position: number; data: string }>(
    'SELECT position, data FROM events WHERE branch = 0 AND position > ? ORDER BY position LIMIT ?',
  )
  const accounts = new Map<string, { total: number; deposits: number }>()
  let position = 0
  for (let rows = select.all(position, page); rows.length > 0; rows = select.all(position, page)) {
    for (const row of rows) {
      position = row.position
      const { account, amount } = JSON.parse(row.data) as { account: string; amount: number }
      const { total, deposits } = accounts.get(account) ?? { total: 0, deposits: 0 }
      accounts.set(account, { total: total + amount, deposits: deposits + 1 })
    }
  }
  database.close()
  return performance.now() - begin
}
