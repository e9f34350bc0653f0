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

/** How a view is listed: words, filter and order in the address, the way through the pages here. */
export function useListState(limit: number) {
  const [address, setAddress] = useSearchParams()
  const [cursors, setCursors] = useState<readonly string[]>([])
  const sort = address.get('sort') ?? ''
  const search = address.get('search') ?? ''
  const where = address.getAll('where').join('\n')
  const conditions = useMemo(() => where.split('\n').flatMap(read), [where])

  const options = useMemo(() => {
    const filter: Record<string, Comparison | Scalar> = {}
    for (const { field, operator, value } of conditions) {
      const known = filter[field]
      const others = typeof known === 'object' ? known : {}
      filter[field] = operator === 'eq' ? value : { ...others, [operator]: value }
    }
    const cursor = cursors.at(-1)
    const words = search.trim()
    const options: ListOptions = {
      filter,
      limit,
      ...(words && { search: words }),
      ...(sort && { sort }),
      ...(cursor && { cursor }),
    }
    return options
  }, [conditions, cursors, search, sort, limit])

  const write = (change: { sort?: string; search?: string; conditions?: readonly Condition[] }) => {
    const next = { sort, search, conditions, ...change }
    const parameters = new URLSearchParams()
    if (next.search) parameters.set('search', next.search)
    if (next.sort) parameters.set('sort', next.sort)
    for (const { field, operator, value } of next.conditions)
      parameters.append('where', `${field}:${operator}:${value}`)
    setCursors([])
    setAddress(parameters, { replace: true })
  }

  return {
    options,
    sort,
    search,
    conditions,
    page: cursors.length,
    /** Ascending, then descending, then as it comes. */
    sortBy: (field: string) =>
      write({ sort: sort === field ? `-${field}` : sort === `-${field}` ? '' : field }),
    searchFor: (next: string) => write({ search: next }),
    setConditions: (next: readonly Condition[]) => write({ conditions: next }),
    forward: (cursor: string) => setCursors([...cursors, cursor]),
    back: () => setCursors(cursors.slice(0, -1)),
  }
}
