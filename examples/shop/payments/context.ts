import { context } from 'headwater'
import { payment } from './payment.ts'
import { collectMoney } from './reactions.ts'
import { paymentsView } from './views.ts'

export const payments = context('payments', {
  description: 'The money for orders: collected, declined, given back.',
  aggregates: [payment],
  views: [paymentsView],
  subscriptions: [collectMoney],
})
