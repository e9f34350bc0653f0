import { command } from 'headwater'
import { z } from 'zod'
import { Pizza } from './events.ts'

const pizzaOrderId = z.string().min(1).max(100)

export const OrderPizza = command('OrderPizza', Pizza.extend({ pizzaOrderId }), {
  description: 'Asks for a pizza.',
})

export const ConfirmPizzaOrder = command(
  'ConfirmPizzaOrder',
  z.object({ pizzaOrderId, minutes: z.int().min(5).max(120) }),
  { description: 'Takes an order on, and says in how many minutes it will be there.' },
)

export const TakeOutPizza = command(
  'TakeOutPizza',
  z.object({ pizzaOrderId, minutes: z.int().min(0).max(120).describe('How long it was in the oven') }),
  { description: 'Takes the pizza out of the oven: prepared or burned.' },
)

export const DeliverPizza = command('DeliverPizza', z.object({ pizzaOrderId, driver: z.string().min(1) }), {
  description: 'Hands the pizza over at the door.',
})

export const CancelPizzaOrder = command(
  'CancelPizzaOrder',
  z.object({ pizzaOrderId, reason: z.string().min(1).max(200) }),
  { description: 'Gives an order up, as long as nobody has begun to bake a second pizza for it.' },
)
