import type { Filter, Sort } from '@headwater/core'

/**
 * Filters and sorts as the port describes it, by other means than any store: each value becomes bytes whose order is the
 * order of values.
 */
export function modelList(
  documents: Readonly<Record<string, unknown>>,
  { filters, sort }: { readonly filters: readonly Filter[]; readonly sort: readonly Sort[] },
): readonly string[] {
  const rows = Object.entries(documents).map(([key, document]) => ({
    key,
    at: (path: string): unknown => (path === '$key' ? key : follow(document, path.split('.'))),
  }))
  const directions = [...sort, { path: '$key', descending: false }]
  return rows
    .filter(({ at }) => filters.every((filter) => matches(filter, at(filter.path))))
    .sort((one, other) => {
      const orders = directions.map(({ path, descending }) => {
        const order = Buffer.compare(sortable(one.at(path)), sortable(other.at(path)))
        return descending ? -order : order
      })
      return orders.find((order) => order !== 0) ?? 0
    })
    .map(({ key }) => key)
}

function follow(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value
  if (Object.prototype.toString.call(value) !== '[object Object]') return undefined
  return follow(new Map(Object.entries(value as object)).get(name), rest)
}

function matches({ operator, value: wanted }: Filter, value: unknown): boolean {
  const equals = (candidate: unknown): boolean => sortable(value).equals(sortable(candidate))
  switch (operator) {
    case 'eq':
      return equals(wanted)
    case 'ne':
      return !equals(wanted)
    case 'in':
      return Array.isArray(wanted) && wanted.some(equals)
    case 'prefix':
      return textOf(value)?.startsWith(String(wanted)) ?? false
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      if (isNothing(value) || isNothing(wanted)) return false
      return { gt: [1], gte: [0, 1], lt: [-1], lte: [-1, 0] }[operator].includes(
        Buffer.compare(sortable(value), sortable(wanted)),
      )
  }
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
}

function sortable(value: unknown): Buffer {
  if (isNothing(value)) return Buffer.of(0)
  const text = textOf(value)
  if (text !== undefined) return Buffer.concat([Buffer.of(2), Buffer.from(text)])
  const bytes = Buffer.alloc(9, 1)
  bytes.writeDoubleBE(Number(value) + 0, 1)
  // Of positive numbers the sign is turned on, of negative ones every bit is turned over.
  const mask = (bytes[1] ?? 0) < 0x80 ? [0x80, 0] : [0xff, 0xff]
  for (let index = 1; index < 9; index++)
    bytes[index] = (bytes[index] ?? 0) ^ (mask[index === 1 ? 0 : 1] ?? 0)
  return bytes
}
