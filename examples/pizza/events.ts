import { event } from 'headwater'
import { z } from 'zod'

/** A pizza as S001 has it: large, four cheeses, to deliver to … */
export const Pizza = z.object({
  size: z.enum(['small', 'large']),
  toppings: z.array(z.string().min(1).max(40)).min(1).max(8),
  deliverTo: z.string().min(1).max(200),
})

export const PizzaOrdered = event('PizzaOrdered', Pizza.extend({ price: z.int().describe('In cents') }), {
  visibility: 'public',
  kind: 'action-performed',
  description:
    'Somebody ordered a pizza that is on the menu. It carries all that the kitchen and the driver need.',
})

export const PizzaOrderRejected = event('PizzaOrderRejected', Pizza.extend({ why: z.string() }), {
  visibility: 'public',
  description: 'Somebody wanted a pizza that there is not. Others may have an idea.',
})

export const PizzaOrderConfirmed = event('PizzaOrderConfirmed', z.object({ minutes: z.int() }), {
  visibility: 'public',
  description: 'The kitchen has taken the order on, and said how long it will take.',
})

export const PizzaPrepared = event('PizzaPrepared', z.object({}), {
  visibility: 'public',
  kind: 'action-performed',
  description: 'The pizza is out of the oven and in its box.',
})

export const PizzaBurned = event('PizzaBurned', z.object({}), {
  description: 'The pizza stayed in the oven for too long: another one is made.',
})

export const PizzaDelivered = event('PizzaDelivered', z.object({ driver: z.string() }), {
  visibility: 'public',
  kind: 'action-performed',
  description: 'The pizza was handed over at the door.',
})

export const PizzaOrderCancelled = event('PizzaOrderCancelled', z.object({ reason: z.string() }), {
  visibility: 'public',
  description: 'The order will not be delivered.',
})
