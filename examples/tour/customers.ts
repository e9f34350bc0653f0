// Customers, as a context: its events carry what others need to know.
import { aggregate, command, context, event, reject } from 'headwater'
import { z } from 'zod'

export const CustomerRegistered = event(
  'CustomerRegistered',
  z.object({ name: z.string(), card: z.string() }),
  {
    visibility: 'public',
  },
)
export const CardChanged = event('CardChanged', z.object({ card: z.string() }), { visibility: 'public' })

export const RegisterCustomer = command(
  'RegisterCustomer',
  z.object({ customerId: z.string(), name: z.string(), card: z.string() }),
)
export const ChangeCard = command('ChangeCard', z.object({ customerId: z.string(), card: z.string() }))

const customer = aggregate('customer', {
  events: [CustomerRegistered, CardChanged],
  commands: [RegisterCustomer, ChangeCard],
  initial: { isKnown: false },
  evolve: {
    CustomerRegistered: () => ({ isKnown: true }),
    CardChanged: (state) => state,
  },
  decide: {
    RegisterCustomer: ({ isKnown }, { name, card }) =>
      isKnown ? reject('already-registered') : CustomerRegistered({ name, card }),
    ChangeCard: ({ isKnown }, { card }) => (isKnown ? CardChanged({ card }) : reject('unknown-customer')),
  },
})

export const customers = context('customers', { aggregates: [customer] })
