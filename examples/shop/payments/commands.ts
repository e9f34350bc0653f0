import { command } from 'headwater'
import { z } from 'zod'

const paymentId = z.string().min(1).max(100)

export const RequestPayment = command(
  'RequestPayment',
  z.object({ paymentId, orderId: z.string().min(1).max(100), amount: z.int().min(1).describe('In pence') }),
  { description: 'Asks the payment provider to collect the money for an order.' },
)

export const ReceivePayment = command('ReceivePayment', z.object({ paymentId }), {
  description: 'Notes that the money is there: what the payment provider reports.',
})

export const DeclinePayment = command(
  'DeclinePayment',
  z.object({ paymentId, reason: z.string().min(1).max(500) }),
  { description: 'Notes that the payment provider refused.' },
)

export const ReturnPayment = command('ReturnPayment', z.object({ paymentId }), {
  description: 'Sees to it that nothing is paid for an order that was cancelled.',
})
