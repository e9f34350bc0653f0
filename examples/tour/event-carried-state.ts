// Event-carried state transfer: payments keeps its own copy of what it needs of customers, and asks nobody.
import { aggregate, app, command, context, event, reject, subscription } from 'headwater'
import { z } from 'zod'
import { CardChanged, CustomerRegistered, customers } from './customers.ts'
import { OrderPlaced, orders } from './orders.ts'
import { PaymentTaken } from './payment-events.ts'

// The copy is a stream of payments' own: what it knew when it took a payment can be looked up later.
const CardKnown = event('CardKnown', z.object({ card: z.string() }))
const LearnCard = command('LearnCard', z.object({ walletId: z.string(), card: z.string() }))
const TakePayment = command(
  'TakePayment',
  z.object({ walletId: z.string(), orderId: z.string(), amount: z.int() }),
)

const nothing: { readonly card: string | null; readonly paid: readonly string[] } = { card: null, paid: [] }

export const wallet = aggregate('wallet', {
  events: [CardKnown, PaymentTaken],
  commands: [LearnCard, TakePayment],
  initial: nothing,
  evolve: {
    CardKnown: (state, { data }) => ({ ...state, card: data.card }),
    PaymentTaken: (state, { data }) => ({ ...state, paid: [...state.paid, data.orderId] }),
  },
  decide: {
    LearnCard: (state, { card }) => (state.card === card ? undefined : CardKnown({ card })),
    TakePayment: ({ card, paid }, { orderId, amount }) => {
      if (paid.includes(orderId)) return undefined
      return card === null ? reject('no-card') : PaymentTaken({ orderId, card, amount })
    },
  },
})

const keepCopy = subscription('keep-copy', {
  description: 'Copies the cards of customers, and takes payments by them.',
  events: [CustomerRegistered, CardChanged, OrderPlaced],
  // In order per customer, not per stream: a card that was changed before the order counts for the order.
  key: (happened) => (happened.type === 'OrderPlaced' ? happened.data.customerId : happened.aggregateId),
  handle: async (happened, { execute }) => {
    if (happened.type === 'OrderPlaced') {
      const { customerId: walletId, amount } = happened.data
      await execute(TakePayment({ walletId, orderId: happened.aggregateId, amount }))
    } else {
      await execute(LearnCard({ walletId: happened.aggregateId, card: happened.data.card }))
    }
  },
})

const payments = context('payments', { aggregates: [wallet], subscriptions: [keepCopy] })

/** Everything but customers, as it runs while customers is down: on another machine, or being deployed. */
export const withoutCustomers = app({ name: 'tour', contexts: [orders, payments] })

export default app({ name: 'tour', contexts: [orders, payments, customers] })
