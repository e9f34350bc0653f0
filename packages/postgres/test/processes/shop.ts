import { aggregate, app, command, event, subscription, view } from '@headwater/core'
import { z } from 'zod'

export const PlaceOrder = command('PlaceOrder', z.object({ orderId: z.string(), total: z.int() }))

/**
 * The same app as one version of its code and the next define it: orders have a currency, which an upcaster gives to those
 * that have none yet, and sales are counted by it.
 */
export function shopOf(version: 1 | 2, handled: (position: number) => void = () => undefined) {
  const isNew = version === 2
  const OrderPlaced = isNew
    ? event('OrderPlaced', z.object({ total: z.int(), currency: z.string() }), {
        version: 2,
        upcast: { 1: (data: { total: number }) => ({ ...data, currency: 'EUR' }) },
      })
    : event('OrderPlaced', z.object({ total: z.int() }))
  const order = aggregate('order', {
    events: [OrderPlaced],
    commands: [PlaceOrder],
    initial: { orders: 0 },
    evolve: { OrderPlaced: ({ orders }) => ({ orders: orders + 1 }) },
    decide: {
      PlaceOrder: (_state, { total }) =>
        OrderPlaced((isNew ? { total, currency: 'USD' } : { total }) as never),
    },
  })
  const sales = view('sales', {
    events: [OrderPlaced],
    key: isNew ? ({ data }) => String(Reflect.get(data, 'currency')) : () => 'all',
    partitions: 2,
    initial: { orders: 0, total: 0 },
    on: {
      OrderPlaced: ({ orders, total }, { data }) => ({ orders: orders + 1, total: total + data.total }),
    },
  })
  const mails = subscription('mails', {
    events: [OrderPlaced],
    partitions: 2,
    start: 'beginning',
    handle: ({ position }) => handled(position),
  })
  return app({ name: 'shop', aggregates: [order], views: [sales], subscriptions: [mails] })
}
