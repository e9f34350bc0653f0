import { postgreSQLRawSQLProjection } from '@event-driven-io/emmett-postgresql'
import { rawSql } from '@event-driven-io/dumbo'
import type { Payload } from '../../data/payload.ts'

export type Deposited = { type: 'Deposited'; data: Payload }

/** A table of totals as Emmett's documentation writes projections for PostgreSQL: a statement per event. */
export function totalsProjection(table: string, by: 'account' | 'branch', onEvent: () => void) {
  return postgreSQLRawSQLProjection<Deposited>({
    name: table,
    canHandle: ['Deposited'],
    init: () =>
      rawSql(`CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, total INTEGER, deposits INTEGER)`),
    evolve: ({ data }) => {
      onEvent()
      return rawSql(`INSERT INTO ${table} (key, total, deposits) VALUES ('${data[by]}', ${data.amount}, 1)
        ON CONFLICT (key) DO UPDATE SET total = ${table}.total + excluded.total, deposits = ${table}.deposits + 1`)
    },
  })
}
