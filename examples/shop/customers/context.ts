import { context } from 'headwater'
import { customer } from './customer.ts'
import { customersView } from './views.ts'

export const customers = context('customers', {
  description: 'Who buys, and where they live.',
  aggregates: [customer],
  views: [customersView],
})
