import type { EventQuery } from '@headwater/core'
import type { Parameters } from './parameters.ts'

export type QueryItem = EventQuery['items'][number]

/** Holds for an event (a row of `events`) that matches any item. */
export function matchesAny({ items }: EventQuery, parameters: Parameters): string {
  return items.length === 0
    ? 'false'
    : `(${items.map((item) => `(${matches(item, parameters)})`).join(' OR ')})`
}

function matches({ types, tags = [] }: QueryItem, parameters: Parameters): string {
  const conditions = [...new Set(tags)].map((tag) => hasTag('events', tag, parameters))
  if (types !== undefined) conditions.push(isOneOf(types, parameters))
  return conditions.length === 0 ? 'true' : conditions.join(' AND ')
}

/** An item that the tags' index answers. */
export function isTagged({ tags = [] }: QueryItem): boolean {
  return tags.length > 0
}

/**
 * The positions of the events that have all tags of an item and one of its types, in order, by index.
 *
 * @param tenant the parameter that holds it, and so on
 */
export function positionsByTags(
  { types, tags = [] }: QueryItem,
  { tenant, limit }: { readonly tenant: string; readonly limit: string },
  parameters: Parameters,
): string {
  const [first = '', ...others] = new Set(tags)
  const conditions = others.map((tag) => hasTag('tags', tag, parameters))
  if (types !== undefined) conditions.push(isOneOf(types, parameters))
  return `(SELECT position FROM tags
    WHERE branch = $1 AND tenant = ${tenant} AND tag = ${parameters.add(first)}
      AND position > scope.after AND position <= scope.until ${conditions.map((one) => `AND ${one}`).join(' ')}
    ORDER BY position LIMIT ${limit})`
}

// A query of its own for each event: whatever the planner knows of the tables, it goes by the index.
function hasTag(table: string, tag: string, parameters: Parameters): string {
  return `(SELECT true FROM tags AS also WHERE also.branch = ${table}.branch AND also.tenant = ${table}.tenant
    AND also.tag = ${parameters.add(tag)} AND also.position = ${table}.position) IS NOT NULL`
}

export function isOneOf(types: readonly string[], parameters: Parameters): string {
  return `type = ANY (${parameters.add(types)}::text[])`
}
