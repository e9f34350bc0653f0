import type { Document, Envelope } from '@headwater/client'
import { dataOf, evolve, initialStates, totalOf } from './shop-fold.ts'

type Doc = Record<string, unknown>

const number = (value: unknown) => (typeof value === 'number' ? value : 0)

/** Folds the whole log into one view's documents; the fake is small enough to do it at each request. */
export function documentsOf(view: string, events: readonly Envelope[]): Document<Doc>[] {
  const documents = new Map<string, Document<Doc>>()
  const update = (key: string, position: number, change: (doc: Doc) => Doc) =>
    documents.set(key, { key, position, doc: change(documents.get(key)?.doc ?? {}) })

  for (const event of events) {
    const { lines, ...data } = dataOf(event)
    const { aggregateId, position } = event
    if (view === 'orders' && event.stream.startsWith('order-')) {
      update(aggregateId, position, (doc) => {
        const { lines: all, ...state } = evolve(doc.orderId ? doc : (initialStates.order ?? {}), event)
        return { orderId: aggregateId, ...state, lines: Array.isArray(all) ? all.length : doc.lines }
      })
    }
    if (view === 'customers' && event.type === 'CustomerAddressChanged') {
      update(aggregateId, position, () => ({ customerId: aggregateId, address: data.address }))
    }
    if (event.type !== 'OrderPlaced') continue
    if (view === 'sales-by-country') {
      update(String(data.country), position, (doc) => ({
        country: data.country,
        orders: number(doc.orders) + 1,
        lines: number(doc.lines) + lines.length,
        revenue: number(doc.revenue) + totalOf(lines),
      }))
    }
    if (view === 'top-products') {
      for (const line of lines) {
        update(line.sku, position, (doc) => ({
          sku: line.sku,
          description: line.description,
          quantity: number(doc.quantity) + line.quantity,
          revenue: number(doc.revenue) + line.quantity * line.unitPrice,
        }))
      }
    }
  }
  return [...documents.values()]
}

/** Filters, sorts and cuts as `GET /views/{name}` does. */
export function listed(documents: readonly Document<Doc>[], query: URLSearchParams) {
  let items = [...documents]
  for (const [name, wanted] of query) {
    const match = /^filter\[(\w+)\](?:\[(\w+)\])?$/.exec(name)
    if (!match?.[1]) continue
    const [, field, operator = 'eq'] = match
    items = items.filter(({ doc }) => compare(doc[field], wanted, operator))
  }
  const sort = query.get('sort')?.split(',') ?? []
  items.sort((a, b) => {
    for (const term of sort) {
      const field = term.replace(/^-/, '')
      const order = order2(a.doc[field], b.doc[field])
      if (order !== 0) return term.startsWith('-') ? -order : order
    }
    return order2(a.key, b.key)
  })
  const from = Number(query.get('cursor') ?? 0)
  const limit = Number(query.get('limit') ?? 50)
  const to = from + limit
  return { items: items.slice(from, to), cursor: to < items.length ? String(to) : null }
}

function order2(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a ?? '').localeCompare(String(b ?? ''), 'en', { numeric: true })
}

function compare(value: unknown, wanted: string, operator: string): boolean {
  const order = typeof value === 'number' ? value - Number(wanted) : order2(value, wanted)
  if (operator === 'gte') return order >= 0
  if (operator === 'gt') return order > 0
  if (operator === 'lte') return order <= 0
  if (operator === 'lt') return order < 0
  if (operator === 'ne') return order !== 0
  return order === 0
}
