import { aggregate, type EventData, reject } from 'headwater'
import { DeclinePayment, ReceivePayment, RequestPayment, ReturnPayment } from './commands.ts'
import {
  PaymentDeclined,
  PaymentDropped,
  PaymentReceived,
  PaymentRefunded,
  PaymentRequested,
} from './events.ts'

type Status = 'none' | 'requested' | 'received' | 'declined' | 'dropped' | 'refunded'

interface PaymentState {
  readonly status: Status
  /** What it is for; undefined before it was requested. */
  readonly request: EventData<typeof PaymentRequested> | undefined
}

const initial: PaymentState = { status: 'none', request: undefined }

export const payment = aggregate('payment', {
  description: 'The money for an order, from the request on.',
  events: [PaymentRequested, PaymentReceived, PaymentDeclined, PaymentDropped, PaymentRefunded],
  commands: [RequestPayment, ReceivePayment, DeclinePayment, ReturnPayment],
  initial,
  evolve: {
    PaymentRequested: (_state, { data }) => ({ status: 'requested', request: data }),
    PaymentReceived: (state) => ({ ...state, status: 'received' }),
    PaymentDeclined: (state) => ({ ...state, status: 'declined' }),
    PaymentDropped: (state) => ({ ...state, status: 'dropped' }),
    PaymentRefunded: (state) => ({ ...state, status: 'refunded' }),
  },
  decide: {
    RequestPayment: ({ status }, data) =>
      status === 'none' ? PaymentRequested(data) : reject('already-requested'),

    ReceivePayment: ({ status, request }) => {
      if (request === undefined) return reject('unknown-payment')
      return status === 'requested' ? PaymentReceived(request) : reject(`already-${status}`)
    },

    DeclinePayment: ({ status, request }, { reason }) => {
      if (request === undefined) return reject('unknown-payment')
      return status === 'requested' ? PaymentDeclined({ ...request, reason }) : reject(`already-${status}`)
    },

    // Whoever cancels does not know how far the payment is; where there is nothing to return, nothing happens.
    ReturnPayment: ({ status, request }) => {
      if (request === undefined) return undefined
      if (status === 'requested') return PaymentDropped(request)
      return status === 'received' ? PaymentRefunded(request) : undefined
    },
  },
})
