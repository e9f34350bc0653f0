import { aggregate, command, event, reject, view } from '@headwater/core'
import { z } from 'zod'

const Line = z.object({ sku: z.string(), quantity: z.int(), unitPrice: z.int() })
const orderId = z.string()

export const OrderPlaced = event('OrderPlaced', z.object({ orderId, lines: z.array(Line), total: z.int() }))
export const OrderPaid = event('OrderPaid', z.object({ orderId, total: z.int() }))
export const OrderShipped = event('OrderShipped', z.object({ orderId, parcel: z.string(), on: z.string() }))
export const ShipmentRefused = event('ShipmentRefused', z.object({ orderId }))

export const PlaceOrder = command('PlaceOrder', z.object({ orderId, lines: z.array(Line).min(1) }))
export const PayOrder = command('PayOrder', z.object({ orderId }))
export const ShipOrder = command('ShipOrder', z.object({ orderId }), {
  authorize: (actor) => actor === null || actor === 'warehouse' || `${actor} packs no parcels`,
})
export const AuditOrder = command('AuditOrder', z.object({ orderId, how: z.enum(['quietly', 'badly']) }))

interface Order {
  readonly status: 'none' | 'placed' | 'paid' | 'shipped'
  readonly total: number
}

export const order = aggregate('order', {
  events: [OrderPlaced, OrderPaid, OrderShipped, ShipmentRefused],
  commands: [PlaceOrder, PayOrder, ShipOrder, AuditOrder],
  initial: { status: 'none', total: 0 } as Order,
  evolve: {
    OrderPlaced: (_state, { data }) => ({ status: 'placed', total: data.total }),
    OrderPaid: (state) => ({ ...state, status: 'paid' }),
    OrderShipped: (state) => ({ ...state, status: 'shipped' }),
    ShipmentRefused: (state) => state,
  },
  decide: {
    PlaceOrder: ({ status }, data) =>
      status === 'none' ? OrderPlaced({ ...data, total: totalOf(data.lines) }) : reject('already-placed'),
    PayOrder: ({ status, total }, { orderId }) =>
      status === 'placed'
        ? OrderPaid({ orderId, total })
        : reject('not-placed', { message: 'Place it first' }),
    ShipOrder: ({ status }, { orderId }, { now, id }) =>
      status === 'paid'
        ? OrderShipped({ orderId, parcel: id(), on: now.toISOString().slice(0, 10) })
        : reject('not-paid', { data: { status }, events: [ShipmentRefused({ orderId })] }),
    AuditOrder: (_state, { how }) => {
      if (how === 'badly') throw new RangeError('The auditor is lost')
      return undefined
    },
  },
})

export const totalOf = (lines: readonly { quantity: number; unitPrice: number }[]): number =>
  lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)

export const lines = [{ sku: 'TEA', quantity: 2, unitPrice: 350 }]
export const placed17 = OrderPlaced({ orderId: '17', lines, total: 700 })

export const orders = view('orders', {
  events: [OrderPlaced, OrderPaid],
  initial: { status: 'placed', total: 0, since: '' },
  on: {
    OrderPlaced: (doc, { data, occurredAt }) => ({
      ...doc,
      total: data.total,
      since: occurredAt.toISOString(),
    }),
    OrderPaid: (doc) => ({ ...doc, status: 'paid' }),
  },
})

/** By what was sold, whatever the order's stream. */
export const sales = view('sales', {
  events: [OrderPlaced],
  key: ({ data }) => data.lines.map(({ sku }) => sku),
  initial: { sold: 0 },
  on: {
    OrderPlaced: (doc, { data }, sku) => {
      const sold = data.lines
        .filter((line) => line.sku === sku)
        .reduce((sum, { quantity }) => sum + quantity, doc.sold)
      return sold === 0 ? null : { sold }
    },
  },
})
