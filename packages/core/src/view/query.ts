import { HeadwaterError } from '../message/errors.ts'
import type { Filter, FilterOperator, Scalar, Sort } from '../log/store.ts'
import type { ListQuery } from './reader.ts'
import { checkPath, type View } from './view.ts'
import { wordsOf } from './words.ts'

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
const defaultLimit = 100
const largestLimit = 1_000
const mostConditions = 20
const mostWords = 20
const longestSearch = 1_000

export interface ParsedQuery {
  readonly filters: readonly Filter[]
  readonly search: readonly string[] | undefined
  readonly sort: readonly Sort[]
  readonly limit: number
  readonly after: readonly Scalar[] | undefined
}

/** @throws HeadwaterError `view.invalid-query` */
export function parseQuery(query: ListQuery, view: Pick<View, 'name' | 'search'>): ParsedQuery {
  const filters = [...parseFilters(query.filter ?? {}), ...(query.filters ?? []).map(checkFilter)]
  const sort = parseSort(query.sort ?? '')
  if (filters.length > mostConditions || sort.length > mostConditions)
    throw invalid(`more than ${mostConditions} filters or sort paths`)
  const limit = query.limit ?? defaultLimit
  if (!Number.isInteger(limit) || limit < 1 || limit > largestLimit)
    throw invalid(`limit must be from 1 to ${largestLimit}`)
  return {
    filters,
    search: query.search === undefined ? undefined : parseSearch(query.search, view),
    sort,
    limit,
    after: query.cursor === undefined ? undefined : decodeCursor(query.cursor, sort),
  }
}

/** Undefined: there is no word in it, so that every document has all of them. */
function parseSearch(
  text: string,
  { name, search }: Pick<View, 'name' | 'search'>,
): readonly string[] | undefined {
  if (typeof text !== 'string') throw invalid('search takes text')
  if (search.length === 0)
    throw invalid(`the view ${name} is not searchable: say by what, as in search: ['name']`)
  if (text.length > longestSearch) throw invalid(`search takes up to ${longestSearch} characters`)
  const words = wordsOf(text)
  if (words.length > mostWords) throw invalid(`search takes up to ${mostWords} words`)
  return words.length === 0 ? undefined : words
}

function* parseFilters(filter: NonNullable<ListQuery['filter']>): Generator<Filter> {
  for (const [path, condition] of Object.entries(filter)) {
    if (typeof condition !== 'object' || condition === null) {
      yield checkFilter({ path, operator: 'eq', value: condition })
      continue
    }
    for (const [operator, value] of Object.entries(condition)) {
      yield checkFilter({ path, operator: operator as FilterOperator, value })
    }
  }
}

function checkFilter({ path, operator, value }: Filter): Filter {
  checkPath(path)
  if (!operators.has(operator)) throw invalid(`${operator} is no operator: ${[...operators].join(', ')}`)
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (Array.isArray(value) !== (operator === 'in'))
    throw invalid(`${operator} takes ${operator === 'in' ? 'a list' : 'one value'}`)
  if (!values.every(isScalar))
    throw invalid(`the value for ${path} must be text, a number, true, false or null`)
  if (operator === 'prefix' && typeof value !== 'string') throw invalid(`prefix takes text`)
  return { path, operator, value }
}

function isScalar(value: unknown): value is Scalar {
  return (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

function parseSort(sort: string): readonly Sort[] {
  return sort
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const descending = part.startsWith('-')
      return { path: checkPath(descending ? part.slice(1) : part), descending }
    })
}

/** A cursor says after which values the next page begins, and for which sort it holds. */
export function encodeCursor(next: readonly Scalar[], sort: readonly Sort[]): string {
  return Buffer.from(JSON.stringify([describeSort(sort), next])).toString('base64url')
}

function decodeCursor(cursor: string, sort: readonly Sort[]): readonly Scalar[] {
  const [order, values] = parseCursor(cursor)
  if (order !== describeSort(sort)) throw invalid('the cursor belongs to a query with another sort')
  if (!Array.isArray(values) || values.length !== sort.length + 1 || !values.every(isScalar))
    throw invalid('the cursor is damaged')
  return values
}

function parseCursor(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch (cause) {
    throw new HeadwaterError('view.invalid-query', 'The query is invalid: the cursor is damaged', { cause })
  }
}

function describeSort(sort: readonly Sort[]): string {
  return sort.map(({ path, descending }) => `${descending ? '-' : ''}${path}`).join(',')
}

function invalid(why: string): HeadwaterError {
  return new HeadwaterError('view.invalid-query', `The query is invalid: ${why}`)
}
