import { compareScalars } from './order.ts'
import type { Filter, Scalar } from './store.ts'

/** The value that a path leads to, through objects only; what no path leads to is null. */
export function valueAt(document: unknown, path: string): Scalar {
  return scalarOf(path.split('.').reduce(step, document))
}

function step(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.entries(value).find(([own]) => own === name)?.[1]
}

function scalarOf(value: unknown): Scalar {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    default:
      return value === undefined || value === null ? null : JSON.stringify(value)
  }
}

/** Whether a value is what a filter lets through: the meaning of filters, which every store has to reproduce. */
export function passes({ operator, value: wanted }: Filter, value: Scalar): boolean {
  const candidates = typeof wanted === 'object' && wanted !== null ? wanted : [wanted]
  return candidates.some((candidate) => {
    const comparison = compareScalars(value, candidate)
    const isOrdered = value !== null && candidate !== null
    switch (operator) {
      case 'eq':
      case 'in':
        return comparison === 0
      case 'ne':
        return comparison !== 0
      case 'gt':
        return isOrdered && comparison > 0
      case 'gte':
        return isOrdered && comparison >= 0
      case 'lt':
        return isOrdered && comparison < 0
      case 'lte':
        return isOrdered && comparison <= 0
      case 'prefix':
        return typeof value === 'string' && typeof candidate === 'string' && value.startsWith(candidate)
    }
  })
}
