import { command, event, machine, reject } from '@headwater/core'
import { z } from 'zod'

export const Ordered = event('Ordered', z.object({ topping: z.string(), price: z.int() }))
export const OrderRejected = event('OrderRejected', z.object({ topping: z.string(), why: z.string() }))
export const PaymentReceived = event('PaymentReceived', z.object({ amount: z.int() }))
export const Baked = event('Baked', z.object({ minutes: z.int() }))
export const Burned = event('Burned', z.object({}))
export const Boxed = event('Boxed', z.object({}))
export const Delivered = event('Delivered', z.object({}))
export const Cancelled = event('Cancelled', z.object({ reason: z.string() }))

const pizzaId = z.string()
export const Order = command('Order', z.object({ pizzaId, topping: z.string(), price: z.int() }))
export const Pay = command('Pay', z.object({ pizzaId, amount: z.int().min(1) }))
export const Bake = command('Bake', z.object({ pizzaId, minutes: z.int() }))
export const Box = command('Box', z.object({ pizzaId }))
export const Deliver = command('Deliver', z.object({ pizzaId }))
export const Cancel = command('Cancel', z.object({ pizzaId, reason: z.string() }))

interface Context {
  readonly topping: string
  readonly price: number
  readonly paid: number
  readonly minutes: number
}

const context: Context = { topping: '', price: 0, paid: 0, minutes: 0 }

export const isPaid = ({ price, paid }: Context, { data }: { readonly data: { readonly amount: number } }) =>
  paid + data.amount >= price
export const isCold = ({ minutes }: Context): boolean => minutes === 0

/** A pizza from the order to the door: nested states, guards, self-transitions, several events of one command. */
export const pizza = machine('pizza', {
  description: 'A pizza, from the order to the door',
  events: [Ordered, OrderRejected, PaymentReceived, Baked, Burned, Boxed, Delivered, Cancelled],
  commands: [Order, Pay, Bake, Box, Deliver, Cancel],
  context,
  evolve: {
    Ordered: (before, { data }) => ({ ...before, topping: data.topping, price: data.price }),
    PaymentReceived: (before, { data }) => ({ ...before, paid: before.paid + data.amount }),
    Baked: (before, { data }) => ({ ...before, minutes: before.minutes + data.minutes }),
    Burned: (before) => ({ ...before, minutes: 0 }),
  },
  initial: 'asked',
  states: {
    asked: {
      description: 'Nobody has said yes yet',
      commands: {
        Order: {
          raises: ['Ordered', 'OrderRejected'],
          decide: (_before, { topping, price }) =>
            topping === 'pineapple'
              ? reject('not-on-the-menu', { events: [OrderRejected({ topping, why: 'House rules' })] })
              : Ordered({ topping, price }),
        },
      },
      on: { Ordered: 'placed', OrderRejected: 'refused' },
    },
    placed: {
      commands: { Pay: 'PaymentReceived', Cancel: 'Cancelled' },
      on: {
        PaymentReceived: [{ guard: isPaid, target: 'kitchen' }, { target: 'placed' }],
        Cancelled: 'cancelled',
      },
    },
    kitchen: {
      commands: { Cancel: { raises: 'Cancelled', guard: isCold } },
      on: { Cancelled: 'cancelled', Burned: 'kitchen' },
      initial: 'waiting',
      states: {
        waiting: { commands: { Bake: 'Baked' }, on: { Baked: 'kitchen.baked' } },
        baked: {
          commands: {
            Bake: {
              raises: ['Baked', 'Burned'],
              decide: (before, { minutes }) =>
                before.minutes + minutes > 20 ? [Baked({ minutes }), Burned({})] : Baked({ minutes }),
            },
            Box: { raises: 'Boxed', decide: ({ minutes }) => (minutes < 5 ? reject('raw') : Boxed({})) },
          },
          on: { Boxed: 'delivery', Baked: {} },
        },
      },
    },
    delivery: { commands: { Deliver: 'Delivered' }, on: { Delivered: 'delivered' } },
    delivered: { final: true },
    cancelled: { final: true },
    refused: { final: true },
  },
})
