import type { Database } from './database.ts'
import { statementsOf } from './sql.ts'

const sql = statementsOf('words')

/** A statement of `words.sql` for one collection's table. */
export function wordsStatement(name: string, table: string): string {
  return sql(name).replaceAll('{collection}', table)
}

/** Whether a collection was made searchable. */
export function isSearchable(database: Database, table: string): boolean {
  return database.prepare(sql('exists')).pluck().get(`${table}_words`) === 1
}

/**
 * A word that all documents of a branch and tenant have and that no text holds: with it a search passes over what belongs
 * to others.
 */
export function scopeWord(branch: number, tenant: string): string {
  return `§${branch}§${Buffer.from(tenant).toString('hex')}`
}
