import type { DocumentQuery, Filter, Scalar, Sort } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { textAt, valueAt } from './path.ts'

type Parameter = string | number | bigint | null

export interface Select {
  readonly sql: string
  /** Without the limit, which comes last. */
  readonly parameters: readonly Parameter[]
}

interface Condition {
  readonly sql: string
  readonly parameters: readonly Parameter[]
}

/**
 * Selects a page of documents: one statement after the other until it is full. Each walks an index where there is one;
 * paths are checked, values are bound.
 *
 * The order is SQLite's own: null, then numbers (and false and true as 0 and 1), then text by code points. It is total,
 * because the key comes last, so a page begins exactly after the last document of the page before.
 *
 * @throws HeadwaterError `view.invalid-query`
 */
export function planPage(
  { branch, tenant, filters, sort, after }: DocumentQuery,
  table: string,
): readonly Select[] {
  const order = [...sort, { path: '$key', descending: false }]
  if (after !== undefined && after.length !== order.length) {
    throw new HeadwaterError('view.invalid-query', 'The cursor belongs to another query')
  }
  const scope: Condition = { sql: 'branch = ? AND tenant = ?', parameters: [branch, tenant] }
  const sorted = sort.map(({ path }) => `, ${textAt(path)}`).join('')
  const orderBy = order
    .map(({ path, descending }) => `${valueAt(path)}${descending ? ' DESC' : ''}`)
    .join(', ')
  const starts = after === undefined ? [undefined] : startsAfter(order, after)
  return starts.map((start) => {
    const conditions = [scope, ...filters.map(filterCondition), ...(start === undefined ? [] : [start])]
    return {
      sql: `SELECT key, document, position, version${sorted} FROM "${table}" WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} ORDER BY ${orderBy} LIMIT ?`,
      parameters: conditions.flatMap(({ parameters }) => parameters),
    }
  })
}

/**
 * What comes after a place in the order. Where the first value goes downwards, nulls come last: they are a statement of
 * their own, since no index range holds "below the value, or null".
 */
function startsAfter(order: readonly Sort[], after: readonly Scalar[]): readonly Condition[] {
  const [first, ...rest] = order
  const value = after[0]
  if (first === undefined || value === undefined) return []
  const path = comparable(first.path, value)
  const beyond = placeAfter(order, after)
  if (value === null)
    return [
      first.descending ? conjunction(bare(`${path} IS NULL`), placeAfter(rest, after.slice(1))) : beyond,
    ]
  const bound = { sql: `${path} ${first.descending ? '<=' : '>='} ?`, parameters: [parameterOf(value)] }
  return first.descending
    ? [conjunction(bound, beyond), bare(`${path} IS NULL`)]
    : [conjunction(bound, beyond)]
}

/** Beyond the first value, or at it and beyond the second, and so on. */
function placeAfter([first, ...rest]: readonly Sort[], [value, ...values]: readonly Scalar[]): Condition {
  if (first === undefined || value === undefined) return bare('FALSE')
  const path = comparable(first.path, value)
  const beyond = beyondValue(path, value, first.descending)
  if (rest.length === 0) return beyond
  const tie = { sql: `${path} IS ?`, parameters: [parameterOf(value)] }
  return disjunction(beyond, conjunction(tie, placeAfter(rest, values)))
}

function beyondValue(path: string, value: Scalar, descending: boolean): Condition {
  if (value === null) return bare(descending ? 'FALSE' : `${path} IS NOT NULL`)
  const parameters = [parameterOf(value)]
  return { sql: descending ? `(${path} < ? OR ${path} IS NULL)` : `${path} > ?`, parameters }
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
      return { sql: `${path} IS ?`, parameters }
    case 'ne':
      return { sql: `${path} IS NOT ?`, parameters }
    case 'prefix':
      return begins(path, scalar)
    default:
      return { sql: `${path} ${comparisons[operator]} ?`, parameters }
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
  // The lower bound is for the index; the rest is exact, letter by letter.
  return {
    sql: `(${path} >= ? AND substr(${path}, 1, length(?)) = ?)`,
    parameters: [value, value, value],
  }
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
