import { event } from 'headwater'
import { z } from 'zod'
import { Address } from '../customers/events.ts'
import { CreditLine, kinds, Line } from './line.ts'
import { cancelledBefore, placedBefore } from './versions.ts'

const orderId = z.string()
const customerId = z.string().optional().describe('Absent for guests')
const country = z.string()
const currency = z.string().length(3).default('GBP')
const total = z.int().describe('In the hundredths of the currency')
const kind = z.enum(kinds).default('sale').describe('A correction of the stock has no prices, and is no sale')

export const OrderPlaced = event(
  'OrderPlaced',
  z.object({ orderId, customerId, country, lines: z.array(Line).min(1), currency, total, kind }),
  {
    version: 3,
    upcast: placedBefore,
    visibility: 'public',
    kind: 'action-performed',
    description: 'A customer ordered goods. It carries all that others need to collect the money.',
  },
)

export const OrderPaid = event('OrderPaid', z.object({ orderId, total }), {
  visibility: 'public',
  description: 'An order was paid in full and may be shipped.',
})

export const OrderShipped = event('OrderShipped', z.object({ orderId, address: Address.optional() }), {
  visibility: 'public',
  kind: 'action-performed',
  description: 'The goods left the house; without an address they were collected.',
})

export const OrderCancelled = event(
  'OrderCancelled',
  z.object({
    orderId,
    customerId,
    country,
    lines: z.array(Line),
    currency,
    total,
    kind,
    reason: z.string(),
  }),
  {
    version: 3,
    upcast: cancelledBefore,
    visibility: 'public',
    description:
      'An order will not be fulfilled. It repeats what was ordered, so that a sum can be undone from it alone.',
  },
)

export const CreditNoteIssued = event(
  'CreditNoteIssued',
  z.object({
    creditNoteId: z.string(),
    orderId: orderId.optional().describe('Absent where it is not known what the goods were bought with'),
    customerId,
    country,
    lines: z.array(CreditLine).min(1),
    total,
  }),
  {
    visibility: 'public',
    kind: 'action-performed',
    description: 'Goods came back, or a discount was given: the customer was credited.',
  },
)
