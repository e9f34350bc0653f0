import type { DocumentQuery, Filter, Scalar, Sort } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { textAfter } from '@headwater/core/order'
import { textAt, valueAt } from './path.ts'

type Parameter = string | number | bigint | null

export interface Select {
  readonly sql: string
  /** Without the limit, which comes last. */
  readonly parameters: readonly Parameter[]
}

export interface Condition {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

/**
 * Selects a page of documents: one statement after the other until it is full. Paths are checked, values are bound.
 *
 * The order is SQLite's own: null, then numbers (and false and true as 0 and 1), then text by code points. It is total,
 * because the key comes last, so a page begins exactly after the last document of the page before.
 *
 * @param table where the documents are
 * @param index the index to go by; undefined: SQLite chooses
 * @param search a further condition
 * @throws HeadwaterError `view.invalid-query`
 */
export function planPage(
  query: DocumentQuery,
  table: string,
  index: string | undefined,
  search?: Condition,
): readonly Select[] {
  const conditions = conditionsOf(query, search)
  return partsOf(query).map(({ start, order }) => {
    const { sql, parameters } = where(
      query,
      table,
      index,
      start === undefined ? conditions : [...conditions, start],
    )
    return {
      sql: `SELECT key, document, position, version${sorted(query)} ${sql} ${inOrder(order)}`,
      parameters,
    }
  })
}

/** The same for a walk over all documents in their order: one that doesn't match comes without itself, as null. */
export function planWalk(
  query: DocumentQuery,
  table: string,
  index: string | undefined,
  search: Condition,
): readonly Select[] {
  const matches = conditionsOf(query, search).reduce(conjunction)
  return partsOf(query).map(({ start, order }) => {
    const { sql, parameters } = where(query, table, index, start === undefined ? [] : [start])
    return {
      sql: `SELECT key, iif(${matches.sql}, document, NULL), position, version${sorted(query)} ${sql} ${inOrder(order)}`,
      parameters: [...matches.parameters, ...parameters],
    }
  })
}

function conditionsOf({ filters }: DocumentQuery, search: Condition | undefined): readonly Condition[] {
  const conditions = filters.map(filterCondition)
  return search === undefined ? conditions : [...conditions, search]
}

function sorted({ sort }: DocumentQuery): string {
  return sort.map(({ path }) => `, ${textAt(path)}`).join('')
}

function inOrder(order: readonly Sort[]): string {
  const by = order.map(({ path, descending }) => `${valueAt(path)}${descending ? ' DESC' : ''}`)
  return `ORDER BY ${by.join(', ')} LIMIT ?`
}

/** @throws HeadwaterError `view.invalid-query` */
function partsOf({ sort, after }: DocumentQuery): readonly Part[] {
  const order = [...sort, { path: '$key', descending: false }]
  if (after === undefined) return [{ order, start: undefined }]
  if (after.length === order.length) return partsAfter(order, after)
  throw new HeadwaterError('view.invalid-query', 'The cursor belongs to another query')
}

/** Counts the documents that a filter leaves, by its index, up to a number: that of the last parameter. */
export function planProbe(query: DocumentQuery, table: string, index: string, filter: Filter): Select {
  const { sql, parameters } = where(query, table, index, [filterCondition(filter)])
  return { sql: `SELECT count(*) FROM (SELECT 1 ${sql} LIMIT ?)`, parameters }
}

/** Values stand as (SELECT ?): SQLite, built with STAT4, would plan a statement anew for every other bare one. */
function where(
  { branch, tenant }: DocumentQuery,
  table: string,
  index: string | undefined,
  conditions: readonly Condition[],
): Condition {
  const all = [
    { sql: 'branch = (SELECT ?) AND tenant = (SELECT ?)', parameters: [branch, tenant] },
    ...conditions,
  ]
  const by = index === undefined ? '' : ` INDEXED BY "${index}"`
  return {
    sql: `FROM "${table}"${by} WHERE ${all.map(({ sql }) => sql).join(' AND ')}`,
    parameters: all.flatMap(({ parameters }) => parameters),
  }
}

/** A part of what comes after a place: all that meets the condition, in its order. */
interface Part {
  /** Undefined: all that there is. */
  readonly start: Condition | undefined
  readonly order: readonly Sort[]
}

/**
 * What comes after a place in the order, part by part. Where the first value goes downwards, nulls come last: they are a
 * part of their own, since no index range holds "below the value, or null".
 */
function partsAfter(order: readonly Sort[], after: readonly Scalar[]): readonly Part[] {
  const [first, ...rest] = order
  const value = after[0]
  if (first === undefined || value === undefined) return []
  const path = comparable(first.path, value)
  const nulls = bare(`${path} IS NULL`)
  const beyond = placeAfter(order, after)
  if (value === null) {
    if (!first.descending) return [{ start: beyond, order }]
    return [{ start: conjunction(nulls, placeAfter(rest, after.slice(1))), order: rest }]
  }
  const bound = {
    sql: `${path} ${first.descending ? '<=' : '>='} (SELECT ?)`,
    parameters: [parameterOf(value)],
  }
  const values = { start: conjunction(bound, beyond), order }
  return first.descending && first.path !== '$key' ? [values, { start: nulls, order: rest }] : [values]
}

/** Beyond the first value, or at it and beyond the second, and so on. */
function placeAfter([first, ...rest]: readonly Sort[], [value, ...values]: readonly Scalar[]): Condition {
  if (first === undefined || value === undefined) return bare('FALSE')
  const path = comparable(first.path, value)
  const beyond = beyondValue(path, value, first.descending)
  if (rest.length === 0) return beyond
  const tie = { sql: `${path} IS (SELECT ?)`, parameters: [parameterOf(value)] }
  return disjunction(beyond, conjunction(tie, placeAfter(rest, values)))
}

function beyondValue(path: string, value: Scalar, descending: boolean): Condition {
  if (value === null) return bare(descending ? 'FALSE' : `${path} IS NOT NULL`)
  const parameters = [parameterOf(value)]
  return {
    sql: descending ? `(${path} < (SELECT ?) OR ${path} IS NULL)` : `${path} > (SELECT ?)`,
    parameters,
  }
}

const comparisons = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function filterCondition({ path: name, operator, value }: Filter): Condition {
  if (operator === 'in') return isIn(name, Array.isArray(value) ? value : [value as Scalar])
  if (Array.isArray(value))
    throw new HeadwaterError('view.invalid-query', `${operator} takes one value: ${name}`)
  const scalar = value as Scalar
  const path = comparable(name, scalar)
  const parameters = [parameterOf(scalar)]
  switch (operator) {
    case 'eq':
      return scalar === null ? bare(`${path} IS NULL`) : { sql: `${path} = (SELECT ?)`, parameters }
    case 'ne':
      return { sql: `${path} IS NOT (SELECT ?)`, parameters }
    case 'prefix':
      return begins(path, scalar)
    default:
      return { sql: `${path} ${comparisons[operator]} (SELECT ?)`, parameters }
  }
}

function isIn(name: string, values: readonly Scalar[]): Condition {
  const path = comparable(name, values.every((value) => typeof value === 'string') ? '' : 0)
  const others = values.filter((value) => value !== null)
  const among: Condition = {
    sql: `${path} IN (${others.map(() => '?').join(', ')})`,
    parameters: others.map(parameterOf),
  }
  return others.length === values.length ? among : disjunction(among, bare(`${path} IS NULL`))
}

function begins(path: string, value: Scalar): Condition {
  if (typeof value !== 'string') throw new HeadwaterError('view.invalid-query', 'A prefix is text')
  const begin = { sql: `${path} >= (SELECT ?)`, parameters: [value] }
  const end = textAfter(value)
  return end === undefined ? begin : conjunction(begin, { sql: `${path} < (SELECT ?)`, parameters: [end] })
}

/**
 * As SQLite reads it from a document. A whole number beyond 2^53 is bound as what its JSON text says, which SQLite keeps
 * to the last digit, and not as the double next to it.
 */
function parameterOf(value: Scalar): Parameter {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    Math.abs(value) < 2 ** 63
  ) {
    return BigInt(String(value))
  }
  return value
}

/** A column of text would turn a number that it is compared with into text; an expression leaves it as it is. */
function comparable(path: string, value: Scalar): string {
  return path === '$key' && typeof value !== 'string' ? '+key' : valueAt(path)
}

function bare(sql: string): Condition {
  return { sql, parameters: [] }
}

function conjunction(a: Condition, b: Condition): Condition {
  return { sql: `(${a.sql} AND ${b.sql})`, parameters: [...a.parameters, ...b.parameters] }
}

function disjunction(a: Condition, b: Condition): Condition {
  return { sql: `(${a.sql} OR ${b.sql})`, parameters: [...a.parameters, ...b.parameters] }
}
