import { askableQuery, isStorable, type LogPage, type LogQuery } from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { eventsOf, isFull, largestPage, type PageColumns, pageStatement } from './event-row.ts'
import { isOneOf, isTagged, matchesAny, positionsByTags } from './event-query.ts'
import { Parameters } from './parameters.ts'
import { filled, statementsOf } from './sql.ts'

const sql = statementsOf('log')

/** A filter looks at so many events in one call, so that none takes long. */
const longestScan = 20_000

/** Reads a page of the log: the head is taken first, and nothing beyond it, in one snapshot. */
export async function readPage(database: Database, asked: LogQuery): Promise<LogPage> {
  const query = askable(asked)
  const limit = Math.min(Math.max(query.limit, 0), largestPage)
  const { statement, values } = pageOf(query, limit)
  const { rows } = await database.run<PageColumns>(statement, values)
  const [head = 0, until = 0] = rows[0] ?? []
  const events = eventsOf(rows)
  const scannedTo = isFull(events, limit) ? (events.at(-1)?.position ?? query.after) : until
  return { events, scannedTo: Math.max(scannedTo, query.after), head }
}

/** Without what PostgreSQL can't be asked for. */
function askable({ types, query, ...rest }: LogQuery): LogQuery {
  return {
    ...rest,
    ...(types && { types: types.filter(isStorable) }),
    ...(query && { query: askableQuery(query) }),
  }
}

/** The statement that reads a page. */
export function pageOf(
  query: LogQuery,
  limit: number,
): { statement: Statement; values: Parameters['values'] } {
  const parameters = new Parameters()
  for (const value of [query.branch, query.after, limit, query.to ?? null]) parameters.add(value)
  const wanted = query.types ?? typesOf(query.query)
  const isScan = isFiltered(query) && !isIndexed(query)
  const name = isScan ? 'filtered-events' : 'page-events'
  const events = filled(sql(name), { condition: conditionOf(query, parameters) })
  const text = pageStatement('page', events, {
    after: wanted === undefined ? '$2::bigint' : filled(sql('leap'), { types: parameters.add(wanted) }),
    until: untilOf(query),
  })
  return { statement: { ...nameOf(query), text }, values: parameters.values }
}

function untilOf(query: LogQuery): string {
  if (isIndexed(query)) return 'head'
  // Positions have no gaps: a page of all events ends with its last one.
  return isFiltered(query) ? `least(head, after + ${longestScan})` : 'least(head, after + $3::bigint)'
}

/** Those that are asked for again and again are prepared; of queries by tags there are too many kinds. */
function nameOf({ tenant, types, query }: LogQuery): { readonly name?: string } {
  if (query !== undefined) return {}
  return { name: `page${tenant === undefined ? '' : ' of tenant'}${types === undefined ? '' : ' by type'}` }
}

/** The types that a query can match; undefined: any. */
function typesOf(query: LogQuery['query']): readonly string[] | undefined {
  if (query === undefined || query.items.some(({ types }) => types === undefined)) return undefined
  return query.items.flatMap(({ types = [] }) => types)
}

function isFiltered({ tenant, types, query }: LogQuery): boolean {
  return tenant !== undefined || types !== undefined || query !== undefined
}

function isIndexed(
  query: LogQuery,
): query is LogQuery & Required<Pick<LogQuery, 'query'>> & { tenant: string } {
  return (
    query.tenant !== undefined && query.types === undefined && query.query?.items.every(isTagged) === true
  )
}

function conditionOf(query: LogQuery, parameters: Parameters): string {
  const { tenant, types } = query
  if (isIndexed(query)) return `AND position = ANY (ARRAY(${amongTagged(query, parameters)}))`
  const parts: string[] = []
  if (tenant !== undefined) parts.push(`tenant = ${parameters.add(tenant)}`)
  if (types !== undefined) parts.push(isOneOf(types, parameters))
  if (query.query !== undefined) parts.push(matchesAny(query.query, parameters))
  return parts.map((part) => `AND ${part}`).join(' ')
}

/** Each item's index gives as many positions as the page holds: among them are the page's. */
function amongTagged(
  { query, tenant }: Required<Pick<LogQuery, 'query'>> & { tenant: string },
  parameters: Parameters,
): string {
  if (query.items.length === 0) return 'SELECT 0::bigint WHERE false'
  const scope = { tenant: parameters.add(tenant), limit: '$3' }
  return query.items.map((item) => positionsByTags(item, scope, parameters)).join(' UNION ')
}
