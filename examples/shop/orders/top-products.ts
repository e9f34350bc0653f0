import { view } from 'headwater'
import { CreditNoteIssued, OrderCancelled, OrderPlaced } from './events.ts'
import { totalOf } from './line.ts'

interface ProductDocument {
  readonly sku: string
  readonly description: string
  readonly quantity: number
  /** In pence. */
  readonly revenue: number
}

interface SoldLine {
  readonly sku: string
  readonly description: string
  readonly quantity: number
  readonly unitPrice: number
}

export const topProducts = view('top-products', {
  description:
    'What sells best: quantities and pence, less what was cancelled or credited. Lines without a price are no sales.',
  events: [OrderPlaced, OrderCancelled, CreditNoteIssued],
  key: ({ data }) => data.lines.filter(isSale).map(({ sku }) => sku),
  initial: (sku): ProductDocument => ({ sku, description: '', quantity: 0, revenue: 0 }),
  on: {
    OrderPlaced: (doc, { data }) => add(doc, data.lines, 1),
    OrderCancelled: (doc, { data }) => add(doc, data.lines, -1),
    CreditNoteIssued: (doc, { data }) => add(doc, data.lines, -1),
  },
  indexes: ['revenue', 'quantity'],
})

const isSale = ({ unitPrice }: SoldLine): boolean => unitPrice > 0

function add(doc: ProductDocument, lines: readonly SoldLine[], sign: 1 | -1): ProductDocument {
  const own = lines.filter((line) => line.sku === doc.sku && isSale(line))
  return {
    ...doc,
    description: own[0]?.description || doc.description,
    quantity: doc.quantity + sign * own.reduce((sum, { quantity }) => sum + quantity, 0),
    revenue: doc.revenue + sign * totalOf(own),
  }
}
