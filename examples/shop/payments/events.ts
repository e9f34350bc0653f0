import { event } from 'headwater'
import { z } from 'zod'

const about = z.object({ paymentId: z.string(), orderId: z.string(), amount: z.int().describe('In pence') })

export const PaymentRequested = event('PaymentRequested', about, {
  kind: 'action-performed',
  description: 'The payment provider was asked to collect the money for an order.',
})

export const PaymentReceived = event('PaymentReceived', about, {
  visibility: 'public',
  description: 'The money for an order is there.',
})

export const PaymentDeclined = event('PaymentDeclined', about.extend({ reason: z.string() }), {
  visibility: 'public',
  description: 'The payment provider refused to collect the money for an order.',
})

export const PaymentDropped = event('PaymentDropped', about, {
  description: 'The order was cancelled before its money came: nothing is collected any more.',
})

export const PaymentRefunded = event('PaymentRefunded', about, {
  visibility: 'public',
  kind: 'action-performed',
  description: 'The order was cancelled after its money had come: the customer has it back.',
})
