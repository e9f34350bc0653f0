// The orders of both event-driven forms. They know nobody: they say what happened, and react to what others say.
import { aggregate, command, context, event, reject, subscription, view } from 'headwater'
import { z } from 'zod'
import { PaymentTaken } from './payment-events.ts'

export const OrderPlaced = event('OrderPlaced', z.object({ customerId: z.string(), amount: z.int() }), {
  visibility: 'public',
})
export const OrderPaid = event('OrderPaid', z.object({ amount: z.int() }))

export const PlaceOrder = command(
  'PlaceOrder',
  z.object({ orderId: z.string(), customerId: z.string(), amount: z.int().positive() }),
)
const MarkAsPaid = command('MarkAsPaid', z.object({ orderId: z.string(), amount: z.int() }))

interface State {
  readonly status: 'none' | 'placed' | 'paid'
}
const initial: State = { status: 'none' }

export const order = aggregate('order', {
  events: [OrderPlaced, OrderPaid],
  commands: [PlaceOrder, MarkAsPaid],
  initial,
  evolve: {
    OrderPlaced: (state) => ({ ...state, status: 'placed' }),
    OrderPaid: (state) => ({ ...state, status: 'paid' }),
  },
  decide: {
    PlaceOrder: ({ status }, { customerId, amount }) =>
      status === 'none' ? OrderPlaced({ customerId, amount }) : reject('already-placed'),
    MarkAsPaid: ({ status }, { amount }) => (status === 'placed' ? OrderPaid({ amount }) : undefined),
  },
})

const noOrder: { customerId: string; amount: number; status: string } = {
  customerId: '',
  amount: 0,
  status: 'none',
}

export const orderList = view('orders', {
  events: [OrderPlaced, OrderPaid],
  initial: noOrder,
  on: {
    OrderPlaced: (_, { data }) => ({ ...data, status: 'placed' }),
    OrderPaid: (doc) => ({ ...doc, status: 'paid' }),
  },
})

const settle = subscription('settle', {
  events: [PaymentTaken],
  handle: async ({ data: { orderId, amount } }, { execute }) => {
    await execute(MarkAsPaid({ orderId, amount }))
  },
})

export const orders = context('orders', {
  aggregates: [order],
  views: [orderList],
  subscriptions: [settle],
})
