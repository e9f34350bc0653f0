import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { query } from '../../postgres/cluster.ts'
import type { ReplayPeer } from '../../replay/job.ts'

const page = 1_000

const select = `SELECT position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at, occurred_at,
    actor, correlation_id, causation_id, data, data_bytes
  FROM headwater.events WHERE branch = 0 AND position > $1 ORDER BY position LIMIT ${page}`

type Row = [position: string, ...unknown[]]
const dataColumn = 13

/** Reads our own rows in pages of all that an event holds, and parses the data: the least that any fold has to do. */
export const rawScan: ReplayPeer = {
  name: 'raw-scan',
  share: (events) => events,
  fill: async (url, events) => {
    const [found] = await query(url, "SELECT to_regclass('headwater.events') AS events")
    if (typeof found?.['events'] === 'string') return
    // Where ours is left out, its log must be there all the same.
    const { ourReplay } = await import('../../ours/replay.ts')
    await ourReplay.fill(url, events)
  },
  replay: async ({ place, events }) => {
    const begin = performance.now()
    const client = new pg.Client({ connectionString: place })
    await client.connect()
    let position = 0
    let sum = 0
    const next = async () => {
      const values = [position]
      return (await client.query<Row>({ name: 'page', text: select, values, rowMode: 'array' })).rows
    }
    for (let rows = await next(); rows.length > 0; rows = await next()) {
      for (const row of rows) {
        position = Number(row[0])
        sum += (JSON.parse(String(row[dataColumn])) as { amount: number }).amount
      }
    }
    await client.end()
    const time = performance.now() - begin
    if (position !== events || sum === 0)
      throw new Error(`The scan ended at position ${position} of ${events}`)
    return time
  },
}
