import { machine, reject } from 'headwater'
import { CancelPizzaOrder, ConfirmPizzaOrder, DeliverPizza, OrderPizza, TakeOutPizza } from './commands.ts'
import {
  PizzaBurned,
  PizzaDelivered,
  PizzaOrderCancelled,
  PizzaOrderConfirmed,
  PizzaOrdered,
  PizzaOrderRejected,
  PizzaPrepared,
} from './events.ts'
import { missingToppings, priceOf } from './menu.ts'

/** What an order remembers beside the state that it is in. */
interface Order {
  readonly price: number
  readonly burned: number
}

const noOrder: Order = { price: 0, burned: 0 }

const isFirstPizza = ({ burned }: Order): boolean => burned === 0
const isThirdPizza = ({ burned }: Order): boolean => burned === 2

/** From the wish to the door. */
export const pizzaOrder = machine('pizzaOrder', {
  description: 'One order of one pizza, from the wish to the door.',
  events: [
    PizzaOrdered,
    PizzaOrderRejected,
    PizzaOrderConfirmed,
    PizzaPrepared,
    PizzaBurned,
    PizzaDelivered,
    PizzaOrderCancelled,
  ],
  commands: [OrderPizza, ConfirmPizzaOrder, TakeOutPizza, DeliverPizza, CancelPizzaOrder],
  context: noOrder,
  evolve: {
    PizzaOrdered: (order, { data }) => ({ ...order, price: data.price }),
    PizzaBurned: (order) => ({ ...order, burned: order.burned + 1 }),
  },
  initial: 'wished',
  states: {
    wished: {
      commands: {
        OrderPizza: {
          raises: ['PizzaOrdered', 'PizzaOrderRejected'],
          decide: (_order, pizza) => {
            const missing = missingToppings(pizza.toppings)
            if (missing.length === 0)
              return PizzaOrdered({ ...pizza, price: priceOf(pizza.size, pizza.toppings) })
            const why = `There is no ${missing.join(' and no ')}`
            return reject('not-on-the-menu', {
              message: why,
              data: { missing },
              events: [PizzaOrderRejected({ ...pizza, why })],
            })
          },
        },
      },
      on: { PizzaOrdered: 'placed', PizzaOrderRejected: 'rejected' },
    },
    placed: {
      commands: { ConfirmPizzaOrder: 'PizzaOrderConfirmed', CancelPizzaOrder: 'PizzaOrderCancelled' },
      on: { PizzaOrderConfirmed: 'kitchen', PizzaOrderCancelled: 'cancelled' },
    },
    kitchen: {
      description: 'The pizza is being made; if it burns, another one is.',
      commands: {
        TakeOutPizza: {
          raises: ['PizzaPrepared', 'PizzaBurned'],
          decide: (_order, { minutes }) => {
            if (minutes < 8) return reject('raw', { message: 'It needs 8 minutes at least' })
            return minutes > 14 ? PizzaBurned({}) : PizzaPrepared({})
          },
        },
        CancelPizzaOrder: { raises: 'PizzaOrderCancelled', guard: isFirstPizza },
      },
      on: { PizzaPrepared: 'onTheWay', PizzaOrderCancelled: 'cancelled' },
      initial: 'baking',
      states: {
        baking: { on: { PizzaBurned: 'kitchen.bakingAgain' } },
        bakingAgain: { on: { PizzaBurned: [{ guard: isThirdPizza, target: 'cancelled' }, {}] } },
      },
    },
    onTheWay: {
      commands: { DeliverPizza: 'PizzaDelivered' },
      on: { PizzaDelivered: 'delivered' },
    },
    delivered: { final: true },
    cancelled: { final: true },
    rejected: { final: true },
  },
})
