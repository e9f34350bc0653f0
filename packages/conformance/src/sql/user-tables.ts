import assert from 'node:assert/strict'
import type { AppendRequest, SqlStore, SqlValue, Statement, Store } from '@headwater/core'
import { aRequest, to } from '../make.ts'
import type { Trial } from '../trial.ts'

/** A step that makes a table of counters. */
export function counters(owner: string, name = 'make'): { name: string; statements: readonly string[] } {
  const table = `${owner.replaceAll('-', '_').replace('@', '__')}__counters`
  return { name, statements: [`CREATE TABLE ${table} (id TEXT PRIMARY KEY, n INTEGER NOT NULL)`] }
}

export function sqlOf(store: Store): SqlStore {
  assert.ok(store.sql, 'the store keeps tables for users')
  return store.sql
}

/** A store with the table `shop__counters`. */
export async function opened(trial: Trial): Promise<Store> {
  const store = await trial.open()
  await sqlOf(store).migrate('shop', [counters('shop')])
  return store
}

/** A statement whose values stand as `?`, in the store's own words. */
export function statement(
  store: Store,
  sql: string,
  parameters: readonly SqlValue[] = [],
  expectedRows?: number,
): Statement {
  let placeholders = 0
  const text = sqlOf(store).dialect === 'postgres' ? sql.replaceAll('?', () => `$${++placeholders}`) : sql
  return { sql: text, parameters, ...(expectedRows !== undefined && { expectedRows }) }
}

export function insert(store: Store, id: string, n = 0): Statement {
  return statement(store, 'INSERT INTO shop__counters (id, n) VALUES (?, ?)', [id, n], 1)
}

/** Sets a counter that was read as `from`. */
export function count(store: Store, id: string, from: number, to = from + 1): Statement {
  return statement(store, 'UPDATE shop__counters SET n = ? WHERE id = ? AND n = ?', [to, id, from], 1)
}

export function running(
  stream: string,
  statements: readonly Statement[],
  parts: Partial<AppendRequest> = {},
): AppendRequest {
  return aRequest([to(stream)], { statements, ...parts })
}

export async function countersOf(store: Store): Promise<Readonly<Record<string, number>>> {
  const rows = await sqlOf(store).query(statement(store, 'SELECT id, n FROM shop__counters ORDER BY id'))
  return Object.fromEntries(rows.map(({ id, n }) => [String(id), Number(n)]))
}
