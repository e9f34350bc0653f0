import type { LogPage, LogQuery } from '@headwater/core'
import type { Database, Statement } from './database.ts'
import { type EventColumns, eventColumns, largestPage, takePage } from './event-row.ts'
import { isOneOf, isTagged, matchesAny, positionsByTags, type Predicate } from './event-query.ts'
import { statementsOf } from './sql.ts'
import { rowStatements, type Statements } from './statements.ts'
import { TypeRanges } from './type-ranges.ts'

const sql = statementsOf('log')

/** A filter looks at so many events in one call, so that none blocks the thread for long. */
const longestScan = 20_000

/** Reads pages of the log, filtered or not. */
export class LogQueries {
  readonly #typeRanges: TypeRanges
  readonly #head: Statement<[number], number>
  readonly #payload: Statement<[number, number], string | Buffer>
  readonly #pages: Statements<EventColumns>

  constructor(database: Database) {
    this.#typeRanges = new TypeRanges(database)
    this.#head = database.prepare<[number], number>(sql('head')).pluck()
    this.#payload = database.prepare<[number, number], string | Buffer>(sql('payload')).pluck()
    this.#pages = rowStatements(database)
  }

  /** The head is read first, and nothing beyond it: what is appended in between belongs to the next page. */
  page(query: LogQuery): LogPage {
    const last = this.#head.get(query.branch) ?? 0
    const head = Math.min(last, query.to ?? last)
    const start = Math.min(this.#start(query), head)
    if (start >= head) return { events: [], scannedTo: Math.max(query.after, head), head }
    if (query.limit < 1) return { events: [], scannedTo: query.after, head }
    const isScan = isFiltered(query) && !isIndexed(query)
    const to = isScan ? Math.min(head, start + longestScan) : head
    const limit = Math.min(query.limit, largestPage)
    const condition = conditionOf(query, start, to, limit)
    const text = sql('read').replace('{columns}', eventColumns).replace('{condition}', condition.sql)
    const rows = this.#pages.get(text).all(query.branch, start, to, ...condition.parameters, limit)
    const { events, full } = takePage(rows, limit, (position) => this.payload(query.branch, position))
    return { events, scannedTo: full ? (events.at(-1)?.position ?? to) : to, head }
  }

  payload(branch: number, position: number): string | Buffer {
    return this.#payload.get(branch, position) ?? ''
  }

  /** Where the first event can be that is of one of the types asked for. */
  #start({ branch, after, types, query }: LogQuery): number {
    const wanted = types ?? typesOf(query)
    return wanted === undefined
      ? after
      : (this.#typeRanges.leap(branch, wanted, after) ?? Number.POSITIVE_INFINITY)
  }
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

function conditionOf(query: LogQuery, after: number, to: number, limit: number): Predicate {
  const { branch, tenant, types } = query
  if (isIndexed(query))
    return amongTagged(query.query.items, { branch, tenant: query.tenant, after, to }, limit)
  const parts: Predicate[] = []
  if (tenant !== undefined) parts.push({ sql: 'tenant = ?', parameters: [tenant] })
  if (types !== undefined) parts.push({ sql: isOneOf(types), parameters: types })
  if (query.query !== undefined) parts.push(matchesAny(query.query))
  return {
    sql: parts.map((part) => `AND ${part.sql}`).join(' '),
    parameters: parts.flatMap(({ parameters }) => parameters),
  }
}

/** Each item's index gives as many positions as the page holds: among them are the page's. */
function amongTagged(
  items: Parameters<typeof matchesAny>[0]['items'],
  scope: Parameters<typeof positionsByTags>[1],
  limit: number,
): Predicate {
  const parts = items.map((item) => positionsByTags(item, scope))
  if (parts.length === 0) return { sql: 'AND FALSE', parameters: [] }
  return {
    sql: `AND position IN (${parts.map((part) => `SELECT position FROM (${part.sql})`).join(' UNION ')})`,
    parameters: parts.flatMap(({ parameters }) => [...parameters, limit]),
  }
}
