import { view } from 'headwater'
import { type Address, CustomerAddressChanged, CustomerRegistered } from '../customers/events.ts'
import { CreditNoteIssued, OrderCancelled, OrderPaid, OrderPlaced, OrderShipped } from './events.ts'

interface OrderDocument {
  readonly orderId: string
  readonly status: 'placed' | 'paid' | 'shipped' | 'cancelled'
  readonly customerId: string | null
  readonly country: string
  readonly lines: number
  /** In pence. */
  readonly total: number
  readonly placedAt: string
  readonly shippedTo: Address | null
  readonly reason: string | null
}

export const ordersView = view('orders', {
  description: 'Every order and where it stands.',
  events: [OrderPlaced, OrderPaid, OrderShipped, OrderCancelled],
  initial: (orderId): OrderDocument => ({
    orderId,
    status: 'placed',
    customerId: null,
    country: '',
    lines: 0,
    total: 0,
    placedAt: '',
    shippedTo: null,
    reason: null,
  }),
  on: {
    OrderPlaced: (doc, { data, occurredAt }) => ({
      ...doc,
      customerId: data.customerId ?? null,
      country: data.country,
      lines: data.lines.length,
      total: data.total,
      placedAt: occurredAt.toISOString(),
    }),
    OrderPaid: (doc) => ({ ...doc, status: 'paid' }),
    OrderShipped: (doc, { data }) => ({ ...doc, status: 'shipped', shippedTo: data.address ?? null }),
    OrderCancelled: (doc, { data }) => ({ ...doc, status: 'cancelled', reason: data.reason }),
  },
  indexes: ['status', 'country', 'customerId', 'placedAt', 'total'],
})

/**
 * What this context needs to know of customers, carried here by their events: parcels are addressed from this copy,
 * also while the customers' context is down. (Event-carried state transfer.)
 */
export const shippingAddresses = view('shipping-addresses', {
  description: "The orders context's own copy of where customers live.",
  events: [CustomerRegistered, CustomerAddressChanged],
  key: ({ data }) => data.customerId,
  initial: (
    customerId,
  ): { readonly customerId: string; readonly name: string; readonly address: Address | null } => ({
    customerId,
    name: '',
    address: null,
  }),
  on: {
    CustomerRegistered: (doc, { data }) => ({ ...doc, name: data.name, address: data.address }),
    CustomerAddressChanged: (doc, { data }) => ({ ...doc, address: data.address }),
  },
})

/** Sums that a sale adds to, and that a cancellation takes it out of again. */
const salesEvents = [OrderPlaced, OrderCancelled, CreditNoteIssued] as const

export const salesByCountry = view('sales-by-country', {
  description: 'What was sold where, in pence: orders that stand, less credit notes.',
  events: salesEvents,
  key: ({ data }) => data.country,
  initial: (country: string) => ({ country, orders: 0, creditNotes: 0, lines: 0, revenue: 0 }),
  on: {
    OrderPlaced: (doc, { data }) => ({
      ...doc,
      orders: doc.orders + 1,
      lines: doc.lines + data.lines.length,
      revenue: doc.revenue + data.total,
    }),
    OrderCancelled: (doc, { data }) => ({
      ...doc,
      orders: doc.orders - 1,
      lines: doc.lines - data.lines.length,
      revenue: doc.revenue - data.total,
    }),
    CreditNoteIssued: (doc, { data }) => ({
      ...doc,
      creditNotes: doc.creditNotes + 1,
      lines: doc.lines + data.lines.length,
      revenue: doc.revenue - data.total,
    }),
  },
  indexes: ['revenue'],
})

export const salesByCustomer = view('sales-by-customer', {
  description: 'What each customer bought, in pence; guests are left out.',
  events: salesEvents,
  key: ({ data }) => data.customerId,
  initial: (customerId: string) => ({ customerId, country: '', orders: 0, creditNotes: 0, revenue: 0 }),
  on: {
    OrderPlaced: (doc, { data }) => ({
      ...doc,
      country: data.country,
      orders: doc.orders + 1,
      revenue: doc.revenue + data.total,
    }),
    OrderCancelled: (doc, { data }) => ({
      ...doc,
      orders: doc.orders - 1,
      revenue: doc.revenue - data.total,
    }),
    CreditNoteIssued: (doc, { data }) => ({
      ...doc,
      country: data.country,
      creditNotes: doc.creditNotes + 1,
      revenue: doc.revenue - data.total,
    }),
  },
  indexes: ['revenue', 'country'],
})
