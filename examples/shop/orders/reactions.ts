import { subscription } from 'headwater'
import { PaymentDeclined, PaymentReceived } from '../payments/events.ts'
import { CancelOrder, PayOrder } from './commands.ts'

/**
 * What becomes of an order when its payment does. A rejection needs no handling here: if the order was cancelled
 * meanwhile, payments has heard of that too and gives the money back.
 */
export const settleOrders = subscription('settle-orders', {
  description: 'Marks an order as paid when its payment came, and cancels it when its payment was declined.',
  events: [PaymentReceived, PaymentDeclined],
  handle: async ({ type, data }, { execute }) => {
    const { orderId } = data
    await execute(
      type === 'PaymentReceived'
        ? PayOrder({ orderId })
        : CancelOrder({ orderId, reason: 'The payment was declined' }),
    )
  },
})
