// What payments tells others: all that they may import of it.
import { event } from 'headwater'
import { z } from 'zod'

export const PaymentTaken = event(
  'PaymentTaken',
  z.object({ orderId: z.string(), card: z.string(), amount: z.int() }),
  { visibility: 'public' },
)
