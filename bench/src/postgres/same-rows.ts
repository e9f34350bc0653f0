import { query } from './cluster.ts'

/**
 * Compares the last event and the last command of two logs in PostgreSQL: the same indexes, and in each column a value of
 * the same type and length. The raw peer is only a limit while it writes our very rows.
 *
 * @throws Error that says what differs
 */
export async function checkSameRows(ours: string, raws: string): Promise<void> {
  const [mine, raw] = [await describe(ours), await describe(raws)]
  if (mine !== raw) throw new Error(`The raw peer doesn't write the rows that ours writes:\n${mine}\n${raw}`)
}

async function describe(url: string): Promise<string> {
  const indexes = await query(
    url,
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'headwater' AND tablename IN ('events', 'commands', 'type_ranges') ORDER BY 1",
  )
  const rows = []
  for (const table of ['events', 'commands']) {
    const [row = {}] = await query(url, `SELECT * FROM headwater.${table} ORDER BY position DESC LIMIT 1`)
    rows.push(
      Object.entries(row)
        .filter(
          ([column]) =>
            !['position', 'sequence', 'recorded_at', 'occurred_at', 'decided_at'].includes(column),
        )
        .map(([column, value]) => [column, shapeOf(value)]),
    )
  }
  return JSON.stringify({ indexes, rows })
}

function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? `text of ${value.length}` : typeof value
}
