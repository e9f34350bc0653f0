import { app } from 'headwater'
import { pizzaOrder } from './pizza-order.ts'
import { takeOn } from './reactions.ts'
import { kitchenDays, pizzaOrders, wishes } from './views.ts'

export default app({
  name: 'pizza',
  description: 'A pizzeria that delivers',
  aggregates: [pizzaOrder],
  views: [pizzaOrders, wishes, kitchenDays],
  subscriptions: [takeOn],
})
