import type { EventQuery } from '@headwater/core'

export type QueryItem = EventQuery['items'][number]

export interface Predicate {
  readonly sql: string
  readonly parameters: readonly (string | number)[]
}

/** Holds for an event (a row of `events`) that matches any item. */
export function matchesAny({ items }: EventQuery): Predicate {
  const parts = items.map(matches)
  return {
    sql: parts.length === 0 ? 'FALSE' : `(${parts.map(({ sql }) => sql).join(' OR ')})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  }
}

function matches({ types, tags = [] }: QueryItem): Predicate {
  const distinct = [...new Set(tags)]
  const conditions = [
    ...(types === undefined ? [] : [isOneOf(types)]),
    ...distinct.map((_, index) => hasTag('events', index)),
  ]
  return {
    sql: conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`,
    parameters: [...(types ?? []), ...distinct],
  }
}

/** An item that the tags' index answers. */
export function isTagged({ tags = [] }: QueryItem): boolean {
  return tags.length > 0
}

export interface TagScope {
  readonly branch: number
  readonly tenant: string
  /** Exclusive. */
  readonly after: number
  /** Inclusive. */
  readonly to: number
}

/** Selects the positions of the events that have all tags of an item and one of its types, in order, by index. */
export function positionsByTags(
  { types, tags = [] }: QueryItem,
  { branch, tenant, after, to }: TagScope,
): Predicate {
  const [first = '', ...others] = new Set(tags)
  const type = types === undefined ? '' : `AND ${isOneOf(types)}`
  const rest = others.map((_, index) => `AND ${hasTag('tags', index)}`).join(' ')
  return {
    sql: `SELECT position FROM tags
      WHERE branch = (SELECT ?) AND tenant = (SELECT ?) AND tag = (SELECT ?)
        AND position > (SELECT ?) AND position <= (SELECT ?) ${type} ${rest}
      ORDER BY position LIMIT ?`,
    parameters: [branch, tenant, first, after, to, ...(types ?? []), ...others],
  }
}

function hasTag(table: string, index: number): string {
  const also = `also${index}`
  return `EXISTS (SELECT 1 FROM tags AS ${also} WHERE ${also}.branch = ${table}.branch
    AND ${also}.tenant = ${table}.tenant AND ${also}.tag = ? AND ${also}.position = ${table}.position)`
}

export function isOneOf(types: readonly string[]): string {
  return `type IN (${types.map(() => '?').join(', ')})`
}
