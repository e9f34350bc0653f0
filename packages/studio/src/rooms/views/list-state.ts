import type { Comparison, ListOptions, Scalar } from '@headwater/client'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'

export const operators = {
  eq: '=',
  ne: '≠',
  gt: '>',
  gte: '≥',
  lt: '<',
  lte: '≤',
  prefix: 'starts with',
} as const
export type Operator = keyof typeof operators

export interface Condition {
  readonly field: string
  readonly operator: Operator
  readonly value: string
}

function isOperator(text: string): text is Operator {
  return Object.hasOwn(operators, text)
}

/** Conditions are kept in the address as `field:operator:value`. */
function read(text: string): Condition[] {
  const [field = '', operator = '', ...value] = text.split(':')
  return isOperator(operator) ? [{ field, operator, value: value.join(':') }] : []
}

/** How a view is listed: filter and order in the address, the way through the pages here. */
export function useListState(limit: number) {
  const [search, setSearch] = useSearchParams()
  const [cursors, setCursors] = useState<readonly string[]>([])
  const sort = search.get('sort') ?? ''
  const where = search.getAll('where').join('\n')
  const conditions = useMemo(() => where.split('\n').flatMap(read), [where])

  const options = useMemo(() => {
    const filter: Record<string, Comparison | Scalar> = {}
    for (const { field, operator, value } of conditions) {
      const known = filter[field]
      const others = typeof known === 'object' ? known : {}
      filter[field] = operator === 'eq' ? value : { ...others, [operator]: value }
    }
    const cursor = cursors.at(-1)
    const options: ListOptions = { filter, limit, ...(sort && { sort }), ...(cursor && { cursor }) }
    return options
  }, [conditions, cursors, sort, limit])

  const write = (nextSort: string, next: readonly Condition[]) => {
    const parameters = new URLSearchParams()
    if (nextSort) parameters.set('sort', nextSort)
    for (const { field, operator, value } of next) parameters.append('where', `${field}:${operator}:${value}`)
    setCursors([])
    setSearch(parameters, { replace: true })
  }

  return {
    options,
    sort,
    conditions,
    page: cursors.length,
    /** Ascending, then descending, then as it comes. */
    sortBy: (field: string) =>
      write(sort === field ? `-${field}` : sort === `-${field}` ? '' : field, conditions),
    setConditions: (next: readonly Condition[]) => write(sort, next),
    forward: (cursor: string) => setCursors([...cursors, cursor]),
    back: () => setCursors(cursors.slice(0, -1)),
  }
}
