import type { Filter, Scalar } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'

export type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte'

/** A condition on a document, its value as it was written. */
export interface ViewFilter {
  readonly path: string
  readonly operator: Operator
  readonly text: string
}

const operators: Readonly<Record<string, Operator>> = {
  '=': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}

/**
 * Reads `country=France`, `revenue>=100000`.
 *
 * @param option the option that it was given by
 * @throws CliError usage
 */
export function readFilter(written: string, option = 'filter'): ViewFilter {
  const [, path = '', sign = '', text = ''] = /^([\w.$]+)(!=|>=|<=|=|>|<)(.*)$/s.exec(written) ?? []
  const operator = operators[sign]
  if (operator !== undefined) return { path, operator, text }
  throw usageError(
    `--${option} ${JSON.stringify(written)} is no condition`,
    `Write <field><operator><value> with one of = != > >= < <=: --${option} 'revenue>=100000'`,
  )
}

/** As the HTTP interface reads filters: what looks like a number equals the number and its text; quotes make it text. */
export function asLocalFilters({ path, operator, text }: ViewFilter): readonly Filter[] {
  const values = readings(text)
  const [first = null] = values
  if (operator === 'eq') {
    return [values.length === 1 ? { path, operator, value: first } : { path, operator: 'in', value: values }]
  }
  if (operator === 'ne') return values.map((value) => ({ path, operator, value }))
  return [{ path, operator, value: first }]
}

function readings(text: string): readonly Scalar[] {
  if (text.length >= 2 && text.startsWith('"') && text.endsWith('"')) return [text.slice(1, -1)]
  if (text === 'null') return [null]
  if (text === 'true' || text === 'false') return [text === 'true', text]
  const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN
  const isExact = Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
  return isExact ? [number, text] : [text]
}
