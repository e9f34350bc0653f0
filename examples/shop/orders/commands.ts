import { command } from 'headwater'
import { z } from 'zod'
import { Address } from '../customers/events.ts'
import { CreditLine, Line } from './line.ts'

const orderId = z.string().min(1).max(100)
const customerId = z.string().min(1).max(100).optional().describe('Absent for guests')
const country = z.string().min(1).max(100)

export const PlaceOrder = command(
  'PlaceOrder',
  z.object({ orderId, customerId, country, lines: z.array(Line).min(1) }),
  { description: 'Orders goods.' },
)

export const PayOrder = command('PayOrder', z.object({ orderId }), {
  description: 'Notes that an order was paid in full.',
})

export const ShipOrder = command('ShipOrder', z.object({ orderId, address: Address.optional() }), {
  description: 'Hands the goods of a paid order to the carrier, or, without an address, to the customer.',
})

export const CancelOrder = command('CancelOrder', z.object({ orderId, reason: z.string().min(1).max(500) }), {
  description: 'Gives up an order that has not left the house.',
})

export const IssueCreditNote = command(
  'IssueCreditNote',
  z.object({
    creditNoteId: z.string().min(1).max(100),
    orderId: orderId.optional(),
    customerId,
    country,
    lines: z.array(CreditLine).min(1),
  }),
  { description: 'Credits a customer for goods that came back, or for a discount.' },
)
