import { aggregate, command, event, reject } from 'headwater'
import { z } from 'zod'
import { salesTax, shipping } from './rules.ts'

const cents = z.int().min(0)

export const OrderPlaced = event(
  'OrderPlaced',
  z.object({ customer: z.string(), amount: cents, tax: cents, shipping: cents }),
  { description: 'With what the customer was charged: that stands, whatever becomes of the rules' },
)
export const PlaceOrder = command(
  'PlaceOrder',
  z.object({ orderId: z.string(), customer: z.string(), amount: cents }),
)

export const order = aggregate('order', {
  events: [OrderPlaced],
  commands: [PlaceOrder],
  initial: { isPlaced: false, total: 0 },
  evolve: {
    OrderPlaced: (_order, { data }) => ({ isPlaced: true, total: data.amount + data.tax + data.shipping }),
  },
  decide: {
    PlaceOrder: ({ isPlaced }, { customer, amount }, { rule }) =>
      isPlaced
        ? reject('already-placed')
        : OrderPlaced({
            customer,
            amount,
            tax: Math.round(amount * rule(salesTax)),
            shipping: rule(shipping)(amount),
          }),
  },
})
