import type { AppendCondition, AppendRequest, EventQuery } from '@headwater/core'
import type { Database } from './database.ts'

type Item = EventQuery['items'][number]

export interface Predicate {
  readonly sql: string
  readonly parameters: readonly (string | number)[]
}

/** The position of the first event that a condition excludes, as far as it is recorded; undefined: there is none. */
export function conditionFailure(
  database: Database,
  { branch, tenant }: Pick<AppendRequest, 'branch' | 'tenant'>,
  { query, after }: AppendCondition,
): number | undefined {
  for (const item of query.items) {
    const { sql, parameters } = positionsOf(item, { branch, tenant, after })
    const position = database
      .prepare<unknown[], number>(`${sql} LIMIT 1`)
      .pluck()
      .get(...parameters)
    if (position !== undefined) return position
  }
  return undefined
}

export interface Scope {
  readonly branch: number
  readonly tenant: string
  readonly after: number
}

/** Selects the positions of an item's events, in order. With tags by their index, else by a scan of what came after. */
export function positionsOf({ types, tags = [] }: Item, { branch, tenant, after }: Scope): Predicate {
  const [first, ...others] = new Set(tags)
  const type = types === undefined ? '' : `AND type IN (${placeholders(types)})`
  if (first === undefined) {
    const sql = `SELECT position FROM events WHERE branch = ? AND position > ? AND tenant = ? ${type} ORDER BY position`
    return { sql, parameters: [branch, after, tenant, ...(types ?? [])] }
  }
  const rest = others.map((_, index) => joined('tags', index)).join(' ')
  const sql = `SELECT position FROM tags WHERE branch = ? AND tenant = ? AND tag = ? AND position > ? ${type} ${rest} ORDER BY position`
  return { sql, parameters: [branch, tenant, first, after, ...(types ?? []), ...others] }
}

/** Holds for an event (a row of `events`) that matches any item. */
export function matchesAny({ items }: EventQuery): Predicate {
  const parts = items.map(matches)
  return {
    sql: parts.length === 0 ? 'FALSE' : `(${parts.map(({ sql }) => sql).join(' OR ')})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  }
}

function matches({ types, tags = [] }: Item): Predicate {
  const distinct = [...new Set(tags)]
  const conditions = [
    ...(types === undefined ? [] : [`type IN (${placeholders(types)})`]),
    ...distinct.map((_, index) => joined('events', index).slice('AND '.length)),
  ]
  return {
    sql: conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`,
    parameters: [...(types ?? []), ...distinct],
  }
}

function joined(table: string, index: number): string {
  const also = `also${index}`
  return `AND EXISTS (SELECT 1 FROM tags AS ${also} WHERE ${also}.branch = ${table}.branch AND ${also}.tenant = ${table}.tenant AND ${also}.tag = ? AND ${also}.position = ${table}.position)`
}

export function placeholders(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}
