import { readFileSync } from 'node:fs'
import { type Headwater, open, toSvg } from 'headwater'
import { like, spec } from 'headwater/spec'
import { describe, expect, onTestFinished, test } from 'vitest'
import app from './app.ts'
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
import { pizzaOrder } from './pizza-order.ts'
import { takeOn } from './reactions.ts'
import { pizzaOrders, wishes } from './views.ts'

const pizzaOrderId = '17'
const toppings = ['tomato', 'mozzarella', 'gorgonzola', 'parmesan', 'ricotta']
const large = { size: 'large' as const, toppings, deliverTo: '1 Mill Lane' }
const ordered = PizzaOrdered({ ...large, price: 1_500 })
const rejected = PizzaOrderRejected({
  ...large,
  toppings: ['pineapple', 'ham'],
  why: 'There is no pineapple',
})

const wished = spec(pizzaOrder)
const placed = wished.given(ordered)
const baking = placed.given(PizzaOrderConfirmed({ minutes: 30 }))
const onTheWay = baking.given(PizzaPrepared({}))
const takenOut = (minutes: number) => TakeOutPizza({ pizzaOrderId, minutes })
const cancelled = CancelPizzaOrder({ pizzaOrderId, reason: 'too late' })

describe('an order', () => {
  test('is placed if everything is on the menu', () => {
    wished.when(OrderPizza({ pizzaOrderId, ...large })).then(ordered)
  })

  test('is rejected otherwise, and that is a fact', () => {
    wished
      .when(OrderPizza({ pizzaOrderId, ...large, toppings: ['pineapple', 'ham'] }))
      .thenRejected('not-on-the-menu', {
        message: 'There is no pineapple',
        data: { missing: ['pineapple'] },
        events: [rejected],
      })
      .thenState(like({ value: 'rejected' }))
  })

  test('goes through the kitchen to the door', () => {
    placed
      .when(ConfirmPizzaOrder({ pizzaOrderId, minutes: 30 }))
      .then(PizzaOrderConfirmed({ minutes: 30 }))
      .thenState(like({ value: 'kitchen.baking' }))
    baking.when(takenOut(10)).then(PizzaPrepared({}))
    onTheWay.when(DeliverPizza({ pizzaOrderId, driver: 'ada' })).then(PizzaDelivered({ driver: 'ada' }))
  })

  test('is not delivered before it is prepared', () => {
    placed.when(DeliverPizza({ pizzaOrderId, driver: 'ada' })).thenRejected('not-allowed-in-state', {
      message: 'DeliverPizza is not allowed in placed; allowed: ConfirmPizzaOrder, CancelPizzaOrder',
    })
  })

  test('is baked again if the pizza burns, and given up when the third one does', () => {
    const burned = PizzaBurned({})
    baking
      .when(takenOut(20))
      .then(burned)
      .thenState(like({ value: 'kitchen.bakingAgain' }))
    baking
      .given(burned)
      .when(takenOut(20))
      .then(burned)
      .thenState(like({ value: 'kitchen.bakingAgain' }))
    baking
      .given(burned, burned)
      .when(takenOut(20))
      .then(burned)
      .thenState(like({ value: 'cancelled' }))
    baking.when(takenOut(5)).thenRejected('raw')
  })

  test('can be cancelled until a second pizza is begun', () => {
    placed.when(cancelled).then(PizzaOrderCancelled({ reason: 'too late' }))
    baking.when(cancelled).then(PizzaOrderCancelled({ reason: 'too late' }))
    baking
      .given(PizzaBurned({}))
      .when(cancelled)
      .thenRejected('guard-refused', {
        data: { command: 'CancelPizzaOrder', state: 'kitchen.bakingAgain', guard: 'isFirstPizza' },
      })
    onTheWay.when(cancelled).thenRejected('not-allowed-in-state')
  })

  test('is over when it is delivered, cancelled or rejected', () => {
    for (const last of ['delivered', 'cancelled', 'rejected'] as const)
      expect(pizzaOrder.allowed(last)).toEqual([])
  })
})

describe('the house', () => {
  test('takes small orders on by itself, and none that somebody should call back for', async () => {
    await spec(takeOn)
      .when('pizzaOrder-17', ordered)
      .thenSends(ConfirmPizzaOrder({ pizzaOrderId, minutes: 30 }))
    await spec(takeOn)
      .when('pizzaOrder-17', PizzaOrdered({ ...large, price: 2_500 }))
      .thenSendsNothing()
  })
})

describe('all of it together', () => {
  async function running(): Promise<Headwater> {
    const headwater = await open(app, { db: 'memory:' })
    onTestFinished(() => headwater.close())
    return headwater
  }

  test('shows who waits where his pizza is', async () => {
    const headwater = await running()
    const { position = 0 } = await headwater.execute(OrderPizza({ pizzaOrderId, ...large }))
    await headwater.processor(takeOn).waitFor(position)
    const out = await headwater.execute(takenOut(10))
    const item = await headwater.view(pizzaOrders).get(pizzaOrderId, { waitFor: out.position })
    expect(item?.doc).toMatchObject({
      status: 'on the way',
      price: 1_500,
      pizza: `large, with ${toppings.join(', ')}`,
    })
  })

  test('counts what people want and do not get', async () => {
    const headwater = await running()
    const pineapple = { ...large, toppings: ['pineapple', 'ham'] }
    await headwater.execute(OrderPizza({ pizzaOrderId: '1', ...pineapple }))
    const { position } = await headwater.execute(OrderPizza({ pizzaOrderId: '2', ...pineapple }))
    const item = await headwater.view(wishes).get('pineapple', { waitFor: position })
    expect(item?.doc).toEqual({ times: 2 })
  })
})

test('the picture in the docs is that of this machine', () => {
  const picture = readFileSync(new URL('../../docs/images/pizza-order.svg', import.meta.url), 'utf8')
  expect(picture).toBe(toSvg(pizzaOrder))
})
