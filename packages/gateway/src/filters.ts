import type { Filter, FilterOperator, Scalar } from '@headwater/core'
import type { Fault } from './problems.ts'

const filterName = /^filter\[([^[\]]+)\](?:\[([a-z]+)\])?$/
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/
const operators: ReadonlySet<string> = new Set<FilterOperator>([
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'prefix',
])

/** How many alternatives `in` may list. */
const longestList = 100

/** Whether a query parameter is a filter, well-formed or not. */
export function isFilterName(name: string): boolean {
  return name.startsWith('filter[') || name === 'filter'
}

/**
 * Reads `filter[country]=UK`, `filter[total][gte]=5`, `filter[status][in]=paid,shipped`.
 *
 * A query holds text only, a document also numbers, booleans and null:
 * - what is written as a JSON number, `true` or `false` equals both that value and its text: `17850` finds 17850 and
 *   "17850"; greater and less compare it as a number where it is one;
 * - `null` equals what is null or missing;
 * - in double quotes it is always text: `filter[code]="null"`.
 */
export function readFilters(
  query: Readonly<Record<string, unknown>>,
  fault: (fault: Fault) => void,
): readonly Filter[] {
  const filters: Filter[] = []
  for (const [name, given] of Object.entries(query)) {
    if (!isFilterName(name)) continue
    const [, path, operator = 'eq'] = filterName.exec(name) ?? []
    if (path === undefined || !isOperator(operator)) {
      fault({
        parameter: name,
        detail: `A filter is filter[path] or filter[path][${[...operators].join('|')}]`,
      })
      continue
    }
    for (const value of Array.isArray(given) ? given : [given]) {
      const list = operator === 'in' ? String(value).split(',') : undefined
      if (list !== undefined && list.length > longestList) {
        fault({ parameter: name, detail: `It lists more than ${longestList} alternatives` })
        continue
      }
      filters.push(...filtersOf(path, operator, String(value), list))
    }
  }
  return filters
}

function isOperator(operator: string): operator is FilterOperator {
  return operators.has(operator)
}

function filtersOf(
  path: string,
  operator: FilterOperator,
  text: string,
  list: readonly string[] | undefined,
): Filter[] {
  switch (operator) {
    case 'eq': {
      const values = readings(text)
      return [
        values.length === 1
          ? { path, operator, value: values[0] ?? null }
          : { path, operator: 'in', value: values },
      ]
    }
    case 'ne':
      return readings(text).map((value) => ({ path, operator, value }))
    case 'in':
      return [{ path, operator, value: (list ?? []).flatMap(readings) }]
    case 'prefix':
      return [{ path, operator, value: unquoted(text) ?? text }]
    default:
      return [{ path, operator, value: numberOf(text) ?? unquoted(text) ?? text }]
  }
}

/** The values that a text may stand for. */
function readings(text: string): readonly Scalar[] {
  const quoted = unquoted(text)
  if (quoted !== undefined) return [quoted]
  if (text === 'null') return [null]
  if (text === 'true' || text === 'false') return [text === 'true', text]
  const number = numberOf(text)
  return number === undefined ? [text] : [number, text]
}

/** Undefined where it is no number, or one that would lose digits. */
function numberOf(text: string): number | undefined {
  if (!jsonNumber.test(text)) return undefined
  const number = Number(text)
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? undefined : number
}

function unquoted(text: string): string | undefined {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : undefined
}
