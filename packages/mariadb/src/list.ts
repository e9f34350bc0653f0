import {
  bytesAfter,
  rangesOf,
  sortableBytes,
  type ByteRange,
  type Candidates,
  type DocumentQuery,
  type Filter,
  type Scalar,
  type ViewDocument,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import type { Row, Session, Value } from './connections.ts'
import { bytes, text, type Collection } from './schema.ts'

interface Condition {
  readonly sql: string
  readonly values: readonly Value[]
}

/** How the candidates of a query are walked through. */
interface Way {
  /** The expression that the pages are ordered by, before the key; undefined: the key alone. */
  readonly value: string | undefined
  readonly descending: boolean
  readonly join: Condition
  /** Whether it is the query's own order. */
  readonly isOrdered: boolean
}

const batch = 500
const none: Condition = { sql: '', values: [] }

/** The documents that a query may be about, as far as MariaDB can tell: by the key, by indexes and by words. */
export function candidatesOf(session: Session, collection: Collection, query: DocumentQuery): Candidates {
  if (query.search !== undefined && !collection.isSearchable)
    throw new HeadwaterError('view.invalid-query', `The collection ${collection.name} is not searchable`)
  const way = wayOf(collection, query)
  return { isOrdered: way.isOrdered, documents: walk(session, collection, query, way) }
}

function wayOf({ indexes, tables }: Collection, { sort }: DocumentQuery): Way {
  const [first, second] = sort
  const byKey = { value: undefined, descending: false, join: none }
  if (first === undefined) return { ...byKey, isOrdered: true }
  if (second !== undefined) return { ...byKey, isOrdered: false }
  if (first.path === '$key') return { ...byKey, descending: first.descending, isOrdered: true }
  const index = indexes.get(first.path)
  if (index === undefined) return { ...byKey, isOrdered: false }
  const join = `JOIN ${tables.entries} s ON s.branch = d.branch AND s.tenant = d.tenant AND s.\`key\` = d.\`key\` AND s.path = ?`
  return {
    value: 's.value',
    descending: first.descending,
    join: { sql: join, values: [index] },
    isOrdered: true,
  }
}

/** Page after page, each from behind the last document of the one before. */
async function* walk(
  session: Session,
  collection: Collection,
  query: DocumentQuery,
  way: Way,
): AsyncGenerator<readonly ViewDocument[]> {
  const conditions = [
    ...query.filters.flatMap((filter) => filterCondition(collection, filter)),
    ...searchConditions(collection, query),
  ]
  let place = way.isOrdered && query.after !== undefined ? placeOf(query.after, way) : undefined
  for (;;) {
    const select = selectOf(
      collection,
      query,
      way,
      place === undefined ? conditions : [...conditions, behind(way, place)],
    )
    const rows = await session.rows(select.sql, select.values)
    if (rows.length > 0) yield rows.map(documentOf)
    const last = rows.at(-1)
    if (last === undefined || rows.length < batch) return
    place = { key: bufferOf(last[0]), value: bufferOf(last[4]) }
  }
}

interface Place {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

function placeOf(after: readonly Scalar[], { value }: Way): Place {
  return {
    key: bytes(String(after.at(-1))),
    value: value === undefined ? new Uint8Array() : sortableBytes(after[0] ?? null),
  }
}

function selectOf(
  { tables }: Collection,
  { branch, tenant }: DocumentQuery,
  { value, descending, join }: Way,
  conditions: readonly Condition[],
): Condition {
  const where = [{ sql: 'd.branch = ? AND d.tenant = ?', values: [branch, bytes(tenant)] }, ...conditions]
  const direction = descending ? ' DESC' : ''
  const order = value === undefined ? `d.\`key\`${direction}` : `${value}${direction}, d.\`key\``
  return {
    sql: `SELECT d.\`key\`, d.document, d.bytes, d.position, ${value ?? "''"} FROM ${tables.documents} d ${join.sql}
      WHERE ${where.map(({ sql }) => `(${sql})`).join(' AND ')} ORDER BY ${order} LIMIT ${batch}`,
    values: [...join.values, ...where.flatMap(({ values }) => values)],
  }
}

/** What comes after a place. */
function behind({ value, descending }: Way, place: Place): Condition {
  const further = descending ? '<' : '>'
  if (value === undefined) return { sql: `d.\`key\` ${further} ?`, values: [place.key] }
  return {
    sql: `${value} ${further} ? OR (${value} = ? AND d.\`key\` > ?)`,
    values: [place.value, place.value, place.key],
  }
}

/** None: the filter is asked of each document. */
function filterCondition({ tables, indexes }: Collection, filter: Filter): readonly Condition[] {
  const ranges = rangesOf(filter)
  if (ranges === undefined) return []
  if (filter.path === '$key') return [anyOf('d.`key`', ranges.flatMap(keyRange))]
  const index = indexes.get(filter.path)
  if (index === undefined) return []
  const { sql, values } = anyOf('e.value', ranges)
  return [
    {
      sql: `EXISTS (SELECT 1 FROM ${tables.entries} e
        WHERE e.branch = d.branch AND e.tenant = d.tenant AND e.path = ? AND e.\`key\` = d.\`key\` AND (${sql}))`,
      values: [index, ...values],
    },
  ]
}

/** Keys are text without the mark that tells texts from numbers. */
function keyRange({ from, before }: ByteRange): readonly ByteRange[] {
  const text = 2
  if (before !== undefined && (before[0] ?? 0) < text) return []
  return [
    {
      from: (from[0] ?? 0) < text ? new Uint8Array() : from.subarray(1),
      before: before !== undefined && before[0] === text ? before.subarray(1) : undefined,
    },
  ].filter(({ before: end }) => end === undefined || end.length > 0)
}

function anyOf(column: string, ranges: readonly ByteRange[]): Condition {
  const parts = ranges.map(({ from, before }) =>
    before === undefined
      ? { sql: `${column} >= ?`, values: [from] }
      : { sql: `(${column} >= ? AND ${column} < ?)`, values: [from, before] },
  )
  if (parts.length === 0) return { sql: 'FALSE', values: [] }
  return { sql: parts.map(({ sql }) => sql).join(' OR '), values: parts.flatMap(({ values }) => values) }
}

/** All of the words; of the last one its beginning is enough. */
function searchConditions({ tables }: Collection, { search = [] }: DocumentQuery): readonly Condition[] {
  return search.map((word, index) => {
    const from = bytes(word)
    const end = index === search.length - 1 ? bytesAfter(from) : undefined
    const range =
      end === undefined
        ? { sql: 'w.word = ?', values: [from] }
        : { sql: 'w.word >= ? AND w.word < ?', values: [from, end] }
    return {
      sql: `EXISTS (SELECT 1 FROM ${tables.words} w
        WHERE w.branch = d.branch AND w.tenant = d.tenant AND w.\`key\` = d.\`key\` AND ${range.sql})`,
      values: range.values,
    }
  })
}

/** Of the columns key, document, bytes, position. */
export function documentOf([key, document, content, position]: Row): ViewDocument {
  return {
    key: text(key),
    document:
      document === null || document === undefined ? new Uint8Array(bufferOf(content)) : String(document),
    position: Number(position),
  }
}

function bufferOf(value: Row[number] | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value ?? ''))
}
