import { performance } from 'node:perf_hooks'
import { postgresStore } from '@headwater/postgres'
import pg from 'pg'
import { payload } from '../../data/payload.ts'
import { orderedId } from '../../data/streams.ts'
import type { AppendPeer } from './append-peer.ts'

const largestBatch = 64

/** Our rows in one statement: an event, its command's row, and the type's range of positions. */
const insert = `WITH given AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS given (id, stream, data, payload, number)
  ), recorded AS (
    INSERT INTO events (branch, position, tenant, stream, revision, type, version, command_id, ordinal, recorded_at,
      occurred_at, data)
    SELECT 0, $5::bigint + number, '', stream, 1, 'Deposited', 1, id, 1, $6::bigint, $6::bigint, data FROM given
  ), ranges AS (
    INSERT INTO type_ranges (branch, type, range)
    SELECT 0, 'Deposited', range FROM generate_series($5::bigint / 1024, ($5::bigint + cardinality($1) - 1) / 1024) AS given (range)
    ON CONFLICT DO NOTHING
  )
  INSERT INTO commands (branch, tenant, id, type, payload, decided_at, status, reads, position, events)
  SELECT 0, '', id, '$append', payload, $6::bigint, 'accepted', '{}', $5::bigint + number, 1 FROM given`

/**
 * What PostgreSQL can do with what we ask of it: our own tables with every index, our very rows, 64 of them per INSERT (fewer
 * where fewer callers could have asked for them), one after the other on one connection. No checks, no lock, no answers.
 */
export const rawAppend: AppendPeer = {
  name: 'raw-unnest',
  create: async (url) => (await postgresStore({ url })).close(),
  connect: async (url) => {
    const client = new pg.Client({ connectionString: url, options: '-c search_path=headwater' })
    await client.connect()
    const { rows } = await client.query<{ last: string }>(
      'SELECT coalesce(max(position), 0) AS last FROM events WHERE branch = 0',
    )
    let position = Number(rows[0]?.last ?? 0)
    const nextId = orderedId()
    return {
      slice: async (callers, milliseconds, nextStream) => {
        const size = Math.min(callers, largestBatch)
        const begin = performance.now()
        let done = 0
        do {
          const batch = Array.from({ length: size }, (_, at) => ({
            stream: nextStream(),
            data: payload(position + at),
          }))
          await client.query({
            name: 'insert',
            text: insert,
            values: [
              batch.map(() => nextId()),
              batch.map(({ stream }) => stream),
              batch.map(({ data }) => JSON.stringify(data)),
              batch.map(({ stream, data }) =>
                JSON.stringify([{ stream, events: [{ type: 'Deposited', data }] }]),
              ),
              position,
              Date.now(),
            ],
          })
          position += size
          done += size
        } while (performance.now() < begin + milliseconds)
        return { done, failed: 0, milliseconds: performance.now() - begin }
      },
      close: () => client.end(),
    }
  },
}
