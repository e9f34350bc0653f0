import { context } from 'headwater'
import { creditNote } from './credit-note.ts'
import { order } from './order.ts'
import { settleOrders } from './reactions.ts'
import { topProducts } from './top-products.ts'
import { ordersView, salesByCountry, salesByCustomer, shippingAddresses } from './views.ts'

export const orders = context('orders', {
  description: 'What was ordered, shipped, cancelled and credited.',
  aggregates: [order, creditNote],
  views: [ordersView, salesByCountry, salesByCustomer, topProducts, shippingAddresses],
  subscriptions: [settleOrders],
})
