import { app, type CommandMessage, fromXState, toXState } from '@headwater/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Bake,
  Baked,
  Box,
  Boxed,
  Burned,
  Cancel,
  Cancelled,
  Deliver,
  Delivered,
  isCold,
  isPaid,
  Order,
  Ordered,
  OrderRejected,
  Pay,
  PaymentReceived,
  pizza,
} from '../../support/pizza.ts'
import { running } from '../../support/running.ts'
import { anyMachine } from './any-machine.ts'
import { pizzaParts } from './taken.ts'
import { factOf, walk } from './walk.ts'

const often = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 4, arbitrary })
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => ({ weight: 1, arbitrary })
const anyFact = fc
  .oneof(
    often(
      fc
        .record({ topping: fc.string(), price: fc.integer({ min: 0, max: 100 }) })
        .map((data) => Ordered(data)),
    ),
    often(fc.integer({ min: 0, max: 60 }).map((amount) => PaymentReceived({ amount }))),
    often(fc.integer({ min: 0, max: 9 }).map((minutes) => Baked({ minutes }))),
    often(fc.constantFrom(Boxed({}), Delivered({}))),
    seldom(fc.constantFrom(Burned({}), Cancelled({ reason: 'late' }))),
    seldom(fc.constant(OrderRejected({ topping: 'pineapple', why: 'House rules' }))),
  )
  .map(factOf)

describe('a machine that XState runs', () => {
  test('is where Headwater is, and remembers the same, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        const { ours, theirs } = walk(pizza, facts)
        expect(theirs).toEqual(ours)
      }),
      { numRuns: 300 },
    )
  })

  test('is where Headwater is, whatever the machine', () => {
    const anyWalk = anyMachine.chain(({ machine, events }) =>
      fc.record({
        machine: fc.constant(machine),
        facts: fc.array(
          fc.record({ type: fc.constantFrom(...events), data: fc.record({ n: fc.nat(9) }) }).map(factOf),
          { maxLength: 25 },
        ),
      }),
    )
    fc.assert(
      fc.property(anyWalk, ({ machine, facts }) => {
        const { ours, theirs } = walk(machine, facts)
        expect(theirs).toEqual(ours)
      }),
      { numRuns: 300 },
    )
  })

  test('has gone everywhere that it can go, in these walks', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 30 }), (facts) => {
        for (const { value } of walk(pizza, facts).ours) seen.add(value as string)
      }),
      { numRuns: 600, seed: 1 },
    )
    const leaves = pizza.chart.states.filter(({ initial }) => initial === null).map(({ path }) => path)
    expect([...seen].sort()).toEqual(leaves.sort())
  })
})

test('a machine follows the commands that it is given as a model of it does', async () => {
  const pizzaId = 'a'
  const anyCommand: fc.Arbitrary<CommandMessage> = fc.oneof(
    fc.constantFrom('ham', 'pineapple').map((topping) => Order({ pizzaId, topping, price: 10 })),
    fc.integer({ min: 1, max: 12 }).map((amount) => Pay({ pizzaId, amount })),
    fc.integer({ min: 0, max: 12 }).map((minutes) => Bake({ pizzaId, minutes })),
    fc.constantFrom(Box({ pizzaId }), Deliver({ pizzaId }), Cancel({ pizzaId, reason: 'late' })),
  )
  const property = fc.asyncProperty(fc.array(anyCommand, { maxLength: 20 }), async (commands) => {
    const headwater = await running(app({ name: 'pizzeria', aggregates: [pizza] }))
    let model = { value: 'asked', paid: 0, minutes: 0 }
    for (const command of commands) {
      const { status } = await headwater.execute(command)
      const next = modelled(model, command)
      expect({ command, status }).toEqual({ command, status: next.status })
      model = next.model
      const { state } = await headwater.state(pizza, pizzaId)
      expect(state.value).toBe(model.value)
    }
    await headwater.close()
  })
  await fc.assert(property, { numRuns: 80 })
})

interface Model {
  readonly value: string
  readonly paid: number
  readonly minutes: number
}

/** The pizza by hand, case by case. */
function modelled(model: Model, { type, data }: CommandMessage): { status: string; model: Model } {
  const { amount = 0, minutes = 0, topping } = data as { amount?: number; minutes?: number; topping?: string }
  const to = (change: Partial<Model>) => ({ status: 'accepted', model: { ...model, ...change } })
  const no = (change: Partial<Model> = {}) => ({ status: 'rejected', model: { ...model, ...change } })
  switch (`${model.value} ${type}`) {
    case 'asked Order':
      return topping === 'pineapple' ? no({ value: 'refused' }) : to({ value: 'placed' })
    case 'placed Pay': {
      const paid = model.paid + amount
      return to({ paid, value: paid >= 10 ? 'kitchen.waiting' : 'placed' })
    }
    case 'placed Cancel':
    case 'kitchen.waiting Cancel':
    case 'kitchen.baked Cancel':
      return model.value === 'placed' || model.minutes === 0 ? to({ value: 'cancelled' }) : no()
    case 'kitchen.waiting Bake':
      return to({ value: 'kitchen.baked', minutes: model.minutes + minutes })
    case 'kitchen.baked Bake':
      return model.minutes + minutes > 20
        ? to({ value: 'kitchen.waiting', minutes: 0 })
        : to({ minutes: model.minutes + minutes })
    case 'kitchen.baked Box':
      return model.minutes < 5 ? no() : to({ value: 'delivery' })
    case 'delivery Deliver':
      return to({ value: 'delivered' })
    default:
      return no()
  }
}

describe('the round trip through XState', () => {
  test('gives the same chart and the same config', () => {
    const config = toXState(pizza)
    const json: object = JSON.parse(JSON.stringify(config))
    const back = fromXState('pizza', json, {
      ...pizzaParts,
      evolve: pizza.parts.reducers,
      guards: { isPaid, isCold },
    })
    expect(toXState(back)).toEqual(config)
    expect(back.chart).toEqual(pizza.chart)
  })

  test('gives the same, whatever the machine', () => {
    fc.assert(
      fc.property(anyMachine, ({ machine, given }) => {
        const config = toXState(machine)
        const back = fromXState(machine.name, JSON.parse(JSON.stringify(config)) as object, given)
        expect(toXState(back)).toEqual(config)
        expect(back.chart).toEqual(machine.chart)
      }),
      { numRuns: 300 },
    )
  })
})
