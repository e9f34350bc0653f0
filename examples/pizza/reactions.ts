import { subscription } from 'headwater'
import { ConfirmPizzaOrder } from './commands.ts'
import { PizzaOrdered } from './events.ts'

/** Above this, somebody calls back first. In cents. */
const largestWithoutCall = 2_000

/** What happens when somebody orders: the house takes small orders on by itself. */
export const takeOn = subscription('take-on', {
  description: 'Confirms orders that are not so large that somebody should call back first.',
  events: [PizzaOrdered],
  handle: async ({ aggregateId, data }, { execute }) => {
    if (data.price > largestWithoutCall) return
    await execute(ConfirmPizzaOrder({ pizzaOrderId: aggregateId, minutes: 30 }))
  },
})
