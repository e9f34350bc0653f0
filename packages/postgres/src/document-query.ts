import {
  bytesAfter,
  longestSortable,
  scalarBytes,
  sortableBytes,
  type DocumentQuery,
  type Filter,
  type Scalar,
  type Sort,
} from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { textAfter } from '@headwater/core/order'
import { bytesArray, textArray } from './arrays.ts'
import { wordsOf } from './collection.ts'
import type { Value } from './database.ts'
import { storedKey } from './keys.ts'
import { Parameters } from './parameters.ts'
import { valueAt, wholeValueAt } from './path.ts'
import { quoted } from './schema.ts'
import { hasWords } from './word-query.ts'

export interface Select {
  readonly text: string
  readonly values: readonly Value[]
}

/**
 * How exact the order is: by the beginnings of values, as an index holds them, or by the values as a whole. They differ only
 * where a page holds a value that is longer than its beginning.
 */
export type Exactness = 'beginnings' | 'whole'

/**
 * Selects a page of documents and the one behind it. Paths are checked, values are bound. The order is total, because the
 * key comes last, so a page begins exactly after the last document of the page before.
 *
 * The last column says whether the first value of the sort goes on behind its beginning.
 *
 * @throws HeadwaterError `view.invalid-query`
 */
export function planPage(query: DocumentQuery, table: string, exactness: Exactness): Select {
  const bound = new Parameters()
  const order = orderOf(query)
  const [first] = query.sort
  const isLong =
    first === undefined || first.path === '$key'
      ? 'false'
      : `octet_length(${valueAt(first.path)}) >= ${longestSortable}`
  const conditions = [
    `branch = ${bound.add(query.branch)}`,
    `tenant = ${bound.add(storedKey(query.tenant))}`,
    ...query.filters.map((filter) => filterCondition(filter, bound)),
    ...afterCondition(order, query.after, exactness, bound),
  ]
  const words = query.search?.length ? hasWords(query.search, query, bound) : undefined
  const from =
    words === undefined
      ? quoted(table)
      : `${quoted(table)} JOIN (SELECT * FROM ${quoted(wordsOf(table))} WHERE ${words}) AS w USING (branch, tenant, key)`
  return {
    text: `SELECT key, document, document_bytes, position, version, ${isLong} FROM ${from}
      WHERE ${conditions.join(' AND ')}
      ORDER BY ${order.map((sort, index) => orderBy(sort, index === 0 ? exactness : 'whole')).join(', ')}
      LIMIT ${bound.add(query.limit + 1)}`,
    values: bound.values,
  }
}

function orderOf({ sort }: DocumentQuery): readonly Sort[] {
  return [...sort, { path: '$key', descending: false }]
}

function orderBy({ path, descending }: Sort, exactness: Exactness): string {
  const direction = descending ? ' DESC' : ''
  if (path === '$key') return `key${direction}`
  const beginning = `${valueAt(path)}${direction}`
  return exactness === 'beginnings' ? beginning : `${beginning}, ${wholeValueAt(path)}${direction}`
}

/** What comes after a place in the order. */
function afterCondition(
  order: readonly Sort[],
  after: readonly Scalar[] | undefined,
  exactness: Exactness,
  bound: Parameters,
): readonly string[] {
  if (after === undefined) return []
  if (after.length !== order.length)
    throw new HeadwaterError('view.invalid-query', 'The cursor belongs to another query')
  const terms = order.map((sort, index) =>
    termOf(sort, after[index] ?? null, index === 0 ? exactness : 'whole', bound),
  )
  if (terms.some(({ descending }) => descending)) return [beyond(terms), ...boundOf(order, after, bound)]
  // One comparison of rows, which an index takes as where to begin.
  const columns = terms.map(({ column }) => column).join(', ')
  const place = `(${columns}) > (${terms.map(({ value }) => value).join(', ')})`
  return exactness === 'beginnings' ? [place] : [place, ...boundOf(order, after, bound)]
}

interface Term {
  readonly column: string
  readonly value: string
  readonly descending: boolean
}

function termOf({ path, descending }: Sort, value: Scalar, exactness: Exactness, bound: Parameters): Term {
  if (path === '$key') {
    if (typeof value !== 'string') throw new HeadwaterError('view.invalid-query', 'A key is text')
    return { column: 'key', value: bound.add(storedKey(value)), descending }
  }
  return exactness === 'beginnings'
    ? { column: valueAt(path), value: bound.add(sortableBytes(value)), descending }
    : { column: wholeValueAt(path), value: bound.add(scalarBytes(value)), descending }
}

/** Beyond the first value, or at it and beyond the second, and so on. */
function beyond([first, ...rest]: readonly Term[]): string {
  if (first === undefined) return 'FALSE'
  const { column, value, descending } = first
  const further = `${column} ${descending ? '<' : '>'} ${value}`
  return rest.length === 0 ? further : `(${further} OR (${column} = ${value} AND ${beyond(rest)}))`
}

/** Where in an index of the first path the place is. */
function boundOf([first]: readonly Sort[], [value]: readonly Scalar[], bound: Parameters): readonly string[] {
  if (first === undefined || first.path === '$key') return []
  const operator = first.descending ? '<=' : '>='
  return [`${valueAt(first.path)} ${operator} ${bound.add(sortableBytes(value ?? null))}`]
}

function filterCondition(filter: Filter, bound: Parameters): string {
  const { path, operator, value } = filter
  if (operator === 'in') return isIn(path, Array.isArray(value) ? value : [value as Scalar], bound)
  if (Array.isArray(value))
    throw new HeadwaterError('view.invalid-query', `${operator} takes one value: ${path}`)
  return condition(path, operator, value as Scalar, bound)
}

function isIn(path: string, values: readonly Scalar[], bound: Parameters): string {
  if (path === '$key') {
    const keys = values.filter((value) => typeof value === 'string').map(storedKey)
    return `key = ANY (${bound.add(textArray(keys))})`
  }
  const all = values.map(scalarBytes)
  const column = valueAt(path)
  const beginnings = all.map((whole) => whole.slice(0, longestSortable))
  const isAmong = `${column} = ANY (${bound.add(bytesArray(beginnings))})`
  if (all.every(({ length }) => length < longestSortable)) return isAmong
  return `(${isAmong} AND ${wholeValueAt(path)} = ANY (${bound.add(bytesArray(all))}))`
}

type Operator = Exclude<Filter['operator'], 'in'>

function condition(path: string, operator: Operator, value: Scalar, bound: Parameters): string {
  if (operator === 'prefix' && typeof value !== 'string')
    throw new HeadwaterError('view.invalid-query', 'A prefix is text')
  return path === '$key' ? keyCondition(operator, value, bound) : valueCondition(path, operator, value, bound)
}

const comparisons = { eq: '=', ne: '<>', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** A key is a text: beyond every number, and never null. */
function keyCondition(operator: Operator, value: Scalar, bound: Parameters): string {
  if (typeof value !== 'string') {
    const isTrue = operator === 'ne' || (value !== null && (operator === 'gt' || operator === 'gte'))
    return isTrue ? 'TRUE' : 'FALSE'
  }
  const stored = storedKey(value)
  if (operator !== 'prefix') return `key ${comparisons[operator]} ${bound.add(stored)}`
  const end = textAfter(stored)
  return all([`key >= ${bound.add(stored)}`, ...(end === undefined ? [] : [`key < ${bound.add(end)}`])])
}

function valueCondition(path: string, operator: Operator, value: Scalar, bound: Parameters): string {
  const whole = scalarBytes(value)
  const isLong = whole.length >= longestSortable
  const beginning = isLong ? whole.slice(0, longestSortable) : whole
  const column = valueAt(path)
  switch (operator) {
    case 'eq':
      return all([
        `${column} = ${bound.add(beginning)}`,
        ...(isLong ? [`${wholeValueAt(path)} = ${bound.add(whole)}`] : []),
      ])
    case 'ne':
      return isLong ? `${wholeValueAt(path)} <> ${bound.add(whole)}` : `${column} <> ${bound.add(beginning)}`
    case 'prefix':
      return all([
        ...between(column, beginning, bound),
        ...(isLong ? between(wholeValueAt(path), whole, bound) : []),
      ])
    default: {
      // Nulls are neither above nor below anything.
      if (value === null) return 'FALSE'
      const comparison = comparisons[operator]
      const isBelow = operator === 'lt' || operator === 'lte'
      return all([
        `${column} ${isLong ? `${comparison.slice(0, 1)}=` : comparison} ${bound.add(beginning)}`,
        ...(isBelow ? [`${column} > ${bound.add(scalarBytes(null))}`] : []),
        ...(isLong ? [`${wholeValueAt(path)} ${comparison} ${bound.add(whole)}`] : []),
      ])
    }
  }
}

function between(column: string, from: Uint8Array, bound: Parameters): readonly string[] {
  const end = bytesAfter(from)
  return [`${column} >= ${bound.add(from)}`, ...(end === undefined ? [] : [`${column} < ${bound.add(end)}`])]
}

function all(conditions: readonly string[]): string {
  return `(${conditions.join(' AND ')})`
}
