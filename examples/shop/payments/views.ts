import { view } from 'headwater'
import {
  PaymentDeclined,
  PaymentDropped,
  PaymentReceived,
  PaymentRefunded,
  PaymentRequested,
} from './events.ts'

interface PaymentDocument {
  readonly paymentId: string
  readonly orderId: string
  /** In pence. */
  readonly amount: number
  readonly status: 'requested' | 'received' | 'declined' | 'dropped' | 'refunded'
  readonly reason: string | null
}

export const paymentsView = view('payments', {
  description: 'Every payment and where it stands.',
  events: [PaymentRequested, PaymentReceived, PaymentDeclined, PaymentDropped, PaymentRefunded],
  initial: (paymentId): PaymentDocument => ({
    paymentId,
    orderId: '',
    amount: 0,
    status: 'requested',
    reason: null,
  }),
  on: {
    PaymentRequested: (doc, { data }) => ({ ...doc, orderId: data.orderId, amount: data.amount }),
    PaymentReceived: (doc) => ({ ...doc, status: 'received' }),
    PaymentDeclined: (doc, { data }) => ({ ...doc, status: 'declined', reason: data.reason }),
    PaymentDropped: (doc) => ({ ...doc, status: 'dropped' }),
    PaymentRefunded: (doc) => ({ ...doc, status: 'refunded' }),
  },
  indexes: ['status', 'amount'],
})
