import { sqliteRawSQLProjection, type SQLiteConnection } from '@event-driven-io/emmett-sqlite'
import type { Payload } from '../data/payload.ts'

export type Deposited = { type: 'Deposited'; data: Payload & { readonly sample?: number } }

/** The view of totals as Emmett's documentation writes projections for SQLite: a statement per event. */
export function totalsProjection(
  by: 'account' | 'branch',
  onEvent: (event: Deposited) => void = () => undefined,
) {
  return sqliteRawSQLProjection<Deposited>({
    canHandle: ['Deposited'],
    evolve: (event) => {
      onEvent(event)
      const { data } = event
      return `INSERT INTO totals (key, total, deposits) VALUES ('${data[by]}', ${data.amount}, 1)
        ON CONFLICT (key) DO UPDATE SET total = total + excluded.total, deposits = deposits + 1`
    },
  })
}

export async function createTotals(connection: SQLiteConnection): Promise<void> {
  await connection.command(
    'CREATE TABLE IF NOT EXISTS totals (key TEXT PRIMARY KEY, total INTEGER, deposits INTEGER)',
  )
}
