import { join } from 'node:path'
import Database from 'better-sqlite3'
import { ourFile, rawFile } from '../data/files.ts'

/**
 * Compares what our database in a folder and the raw peer's in another hold in their last event and their last command: the same tables, indexes and columns, and
 * in each column a value of the same type and length. The raw peer is only a limit while it writes our very rows.
 *
 * @throws Error that says what differs
 */
export function checkSameRows(ours: string, raws: string): void {
  const mine = describe(join(ours, ourFile))
  const raw = describe(join(raws, rawFile))
  if (mine !== raw) throw new Error(`The raw peer doesn't write the rows that ours writes:\n${mine}\n${raw}`)
}

function describe(file: string): string {
  const database = new Database(file, { readonly: true })
  try {
    const schema = database
      .prepare('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name')
      .pluck()
      .all()
    const rows = ['events', 'commands'].map((table) => {
      const row = database.prepare(`SELECT * FROM ${table} ORDER BY position DESC LIMIT 1`).get()
      return Object.entries(row ?? {}).map(([column, value]) => [column, shapeOf(value)])
    })
    return JSON.stringify({ schema, rows })
  } finally {
    database.close()
  }
}

function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? `text of ${value.length}` : typeof value
}
