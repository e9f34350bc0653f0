import { view } from 'headwater'
import {
  PizzaBurned,
  PizzaDelivered,
  PizzaOrderCancelled,
  PizzaOrderConfirmed,
  PizzaOrdered,
  PizzaOrderRejected,
  PizzaPrepared,
} from './events.ts'
import { missingToppings } from './menu.ts'

interface OrderDocument {
  readonly status: 'placed' | 'in the kitchen' | 'on the way' | 'delivered' | 'cancelled' | 'rejected'
  readonly pizza: string
  /** In cents. */
  readonly price: number
  readonly promisedFor: string | null
  readonly why: string | null
}

const none: OrderDocument = { status: 'placed', pizza: '', price: 0, promisedFor: null, why: null }

/** Where every order stands: for those who wait. */
export const pizzaOrders = view('pizza-orders', {
  description: 'Every order and where it stands.',
  events: [
    PizzaOrdered,
    PizzaOrderRejected,
    PizzaOrderConfirmed,
    PizzaPrepared,
    PizzaDelivered,
    PizzaOrderCancelled,
  ],
  initial: none,
  on: {
    PizzaOrdered: (order, { data }) => ({ ...order, pizza: pizzaOf(data), price: data.price }),
    PizzaOrderRejected: (order, { data }) => ({
      ...order,
      status: 'rejected',
      pizza: pizzaOf(data),
      why: data.why,
    }),
    PizzaOrderConfirmed: (order, { data, occurredAt }) => ({
      ...order,
      status: 'in the kitchen',
      promisedFor: new Date(occurredAt.getTime() + data.minutes * 60_000).toISOString(),
    }),
    PizzaPrepared: (order) => ({ ...order, status: 'on the way' }),
    PizzaDelivered: (order) => ({ ...order, status: 'delivered' }),
    PizzaOrderCancelled: (order, { data }) => ({ ...order, status: 'cancelled', why: data.reason }),
  },
  indexes: ['status'],
})

/** What people want and do not get: made of orders that were rejected, since those are facts, too. */
export const wishes = view('wishes', {
  description: 'Toppings that are asked for and not on the menu.',
  events: [PizzaOrderRejected],
  key: ({ data }) => missingToppings(data.toppings),
  initial: { times: 0 },
  on: { PizzaOrderRejected: ({ times }) => ({ times: times + 1 }) },
  indexes: ['times'],
})

/** How the kitchen does, day by day. */
export const kitchenDays = view('kitchen-days', {
  description: 'Pizzas that left the oven, and how many of them burned.',
  events: [PizzaPrepared, PizzaBurned],
  key: ({ occurredAt }) => occurredAt.toISOString().slice(0, 10),
  initial: { prepared: 0, burned: 0 },
  on: {
    PizzaPrepared: (day) => ({ ...day, prepared: day.prepared + 1 }),
    PizzaBurned: (day) => ({ ...day, burned: day.burned + 1 }),
  },
})

function pizzaOf({ size, toppings }: { size: string; toppings: readonly string[] }): string {
  return `${size}, with ${toppings.join(', ')}`
}
