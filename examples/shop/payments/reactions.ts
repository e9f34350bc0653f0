import { subscription } from 'headwater'
import { OrderCancelled, OrderPlaced } from '../orders/events.ts'
import { RequestPayment, ReturnPayment } from './commands.ts'

/** One payment per order, so the order's id serves as the payment's: a repeat finds the first one. */
export const collectMoney = subscription('collect-money', {
  description: 'Asks for the money when an order was placed, and gives it back when the order was cancelled.',
  events: [OrderPlaced, OrderCancelled],
  handle: async ({ type, data: { orderId, kind, total } }, { execute }) => {
    if (kind === 'correction') return
    await execute(
      type === 'OrderPlaced'
        ? RequestPayment({ paymentId: orderId, orderId, amount: total })
        : ReturnPayment({ paymentId: orderId }),
    )
  },
})
