import { performance } from 'node:perf_hooks'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ourFile } from '../data/files.ts'
import { payload } from '../data/payload.ts'
import { fillBatch, type ReplayPeer } from '../replay/job.ts'
import { openRaw } from './raw-database.ts'

const page = 1_000

interface Row {
  readonly position: number
  readonly data: string
}

/** Reads our own file in pages of all that an event holds, and parses the data: the least that any fold has to do. */
export const rawScan: ReplayPeer = {
  name: 'raw-scan',
  share: (events) => events,
  fill: async (folder, events) => {
    const file = join(folder, ourFile)
    if (existsSync(file)) return
    const raw = openRaw(file)
    for (let n = 0; n < events; n += fillBatch) {
      const batch = Array.from({ length: Math.min(fillBatch, events - n) }, (_, at) => ({
        stream: `account-${n}`,
        revision: at + 1,
        data: payload(n + at),
      }))
      raw.insert(batch, 'none')
    }
    raw.close()
  },
  replay: async ({ place: folder, events }) => {
    const begin = performance.now()
    const database = new Database(join(folder, ourFile), { readonly: true })
    const select = database.prepare<
      [number, number],
      Row
    >(`SELECT position, tenant, stream, revision, type, version,
      command_id, ordinal, recorded_at, occurred_at, actor, correlation_id, causation_id, data
      FROM events WHERE branch = 0 AND position > ? ORDER BY position LIMIT ?`)
    let position = 0
    let sum = 0
    for (let rows = select.all(position, page); rows.length > 0; rows = select.all(position, page)) {
      for (const row of rows) {
        position = row.position
        sum += (JSON.parse(row.data) as { amount: number }).amount
      }
    }
    database.close()
    const time = performance.now() - begin
    if (position !== events || sum === 0)
      throw new Error(`The scan ended at position ${position} of ${events}`)
    return time
  },
}
