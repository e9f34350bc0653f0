import { app, command, event, type Headwater, machine, reject } from '@headwater/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Bake, Box, Cancel, Deliver, Order, Pay, pizza } from '../../support/pizza.ts'
import { running } from '../../support/running.ts'

let headwater: Headwater
const pizzaId = 'a'
const order = Order({ pizzaId, topping: 'ham', price: 900 })

beforeEach(async () => {
  headwater = await running(app({ name: 'pizzeria', aggregates: [pizza] }))
})

async function send(...commands: Parameters<Headwater['execute']>[0][]) {
  const outcomes = []
  for (const command of commands) outcomes.push(await headwater.execute(command))
  return outcomes.at(-1)
}

const value = async (): Promise<string> => (await headwater.state(pizza, pizzaId)).state.value

describe('a machine', () => {
  test('begins in its initial state, with its context', async () => {
    expect(await headwater.state(pizza, pizzaId)).toEqual({
      state: { value: 'asked', context: { topping: '', price: 0, paid: 0, minutes: 0 } },
      revision: 0,
    })
  })

  test('goes where the events of its commands lead, and folds them into its context', async () => {
    await send(order, Pay({ pizzaId, amount: 900 }), Bake({ pizzaId, minutes: 8 }), Box({ pizzaId }))
    expect((await headwater.state(pizza, pizzaId)).state).toEqual({
      value: 'delivery',
      context: { topping: 'ham', price: 900, paid: 900, minutes: 8 },
    })
  })

  test('raises an event with the data of the command, as far as the event has them', async () => {
    await send(order, Pay({ pizzaId, amount: 100 }))
    const { events } = await headwater.readStream('pizza-a')
    expect(events.at(-1)?.data).toEqual({ amount: 100 })
  })

  test('takes the first transition whose guard lets it', async () => {
    await send(order, Pay({ pizzaId, amount: 400 }))
    expect(await value()).toBe('placed')
    await send(Pay({ pizzaId, amount: 500 }))
    expect(await value()).toBe('kitchen.waiting')
  })

  test('enters a state with states in it at its initial one, again if it leads to itself', async () => {
    const baking = Bake({ pizzaId, minutes: 12 })
    await send(order, Pay({ pizzaId, amount: 900 }), baking)
    expect(await value()).toBe('kitchen.baked')
    await send(baking)
    expect(await value()).toBe('kitchen.waiting')
  })

  test('stays where a transition has no target', async () => {
    await send(
      order,
      Pay({ pizzaId, amount: 900 }),
      Bake({ pizzaId, minutes: 3 }),
      Bake({ pizzaId, minutes: 3 }),
    )
    expect(await value()).toBe('kitchen.baked')
  })

  test('allows in a state what is allowed in the state around it', async () => {
    await send(order, Pay({ pizzaId, amount: 900 }), Cancel({ pizzaId, reason: 'late' }))
    expect(await value()).toBe('cancelled')
  })

  test('rejects what its state does not allow, and says what it does', async () => {
    await send(order)
    expect(await send(Deliver({ pizzaId }))).toMatchObject({
      status: 'rejected',
      reason: {
        code: 'not-allowed-in-state',
        message: 'Deliver is not allowed in placed; allowed: Pay, Cancel',
        data: { command: 'Deliver', state: 'placed', allowed: ['Pay', 'Cancel'] },
      },
    })
  })

  test('rejects everything in the end', async () => {
    await send(order, Cancel({ pizzaId, reason: 'hungry no more' }))
    expect(await send(Pay({ pizzaId, amount: 1 }))).toMatchObject({
      reason: { message: 'Pay is not allowed in cancelled; nothing is', data: { allowed: [] } },
    })
  })

  test('rejects a command that its guard does not let, by the name of the guard', async () => {
    await send(order, Pay({ pizzaId, amount: 900 }), Bake({ pizzaId, minutes: 8 }))
    expect(await send(Cancel({ pizzaId, reason: 'late' }))).toMatchObject({
      reason: { code: 'guard-refused', data: { command: 'Cancel', state: 'kitchen.baked', guard: 'isCold' } },
    })
  })

  test('rejects as its decision rejects, with the facts of it', async () => {
    expect(await send(Order({ pizzaId, topping: 'pineapple', price: 1 }))).toMatchObject({
      status: 'rejected',
      reason: { code: 'not-on-the-menu' },
      events: [{ type: 'OrderRejected' }],
    })
    expect(await value()).toBe('refused')
  })

  test('says which commands a state allows, its own first', () => {
    expect(pizza.allowed('kitchen.baked')).toEqual(['Bake', 'Box', 'Cancel'])
    expect(pizza.allowed('delivered')).toEqual([])
  })

  test('is an aggregate: it has a history', async () => {
    await send(order, Cancel({ pizzaId, reason: 'late' }))
    const { items } = await headwater.history('pizza-a')
    expect(items.map(({ state }) => state)).toMatchObject([{ value: 'placed' }, { value: 'cancelled' }])
  })

  test('is moved by nothing once it is over', async () => {
    await send(order, Cancel({ pizzaId, reason: 'late' }))
    const before = (await headwater.state(pizza, pizzaId)).state
    const [ordered] = (await headwater.readStream('pizza-a')).events
    expect(ordered && pizza.evolve(before, ordered)).toEqual(before)
  })

  test('folds no event that it does not know', async () => {
    const [foreign] = (await headwater.readStream('pizza-a')).events
    expect(foreign).toBeUndefined()
    await send(order)
    const [known] = (await headwater.readStream('pizza-a')).events
    const fact = { ...known?.toJSON(), type: 'Foreign', tenant: '', occurredAt: new Date() }
    // @ts-expect-error: a fact of another app
    expect(() => pizza.evolve(pizza.initial, fact)).toThrow('knows no event Foreign')
  })
})

const Opened = event('Opened', z.object({ by: z.string() }))
const Closed = event('Closed', z.object({}))
const Open = command('Open', z.object({ doorId: z.string(), by: z.string() }))
const Close = command('Close', z.object({ doorId: z.string() }))

test('a decision that raises what its chart does not name fails, and records nothing', async () => {
  const door = machine('door', {
    events: [Opened, Closed],
    commands: [Open],
    initial: 'shut',
    states: {
      shut: {
        // Several events: the compiler lets the decision give any of the machine's.
        commands: { Open: { raises: ['Opened'], decide: () => [Closed({})] } },
        on: { Opened: 'open' },
      },
      open: {},
    },
  })
  const house = await running(app({ name: 'house', aggregates: [door] }))
  await expect(house.execute(Open({ doorId: 'front', by: 'ada' }))).rejects.toMatchObject({
    code: 'command.failed',
  })
  expect(await house.lastPosition()).toBeUndefined()
})

test('a guard may reject in its own words', async () => {
  const door = machine('door', {
    events: [Opened],
    commands: [Open],
    initial: 'shut',
    states: {
      shut: {
        commands: {
          Open: { raises: 'Opened', guard: (_door, { by }) => by === 'ada' || reject('who-are-you') },
        },
        on: { Opened: 'open' },
      },
      open: {},
    },
  })
  const house = await running(app({ name: 'house', aggregates: [door] }))
  expect(await house.execute(Open({ doorId: 'front', by: 'eve' }))).toMatchObject({
    reason: { code: 'who-are-you' },
  })
  expect(await house.execute(Open({ doorId: 'front', by: 'ada' }))).toMatchObject({ status: 'accepted' })
})

describe('a machine that contradicts itself is refused when it is defined', () => {
  const define = (states: object, initial = 'shut') => {
    const given = { events: [Opened, Closed], commands: [Open, Close], initial, states }
    // @ts-expect-error: made at run time, as by users of JavaScript
    return () => machine('door', given)
  }
  const both = { Open: 'Opened', Close: 'Closed' }

  test.each([
    ['that begins nowhere', define({ shut: { commands: both } }, 'gone'), 'initial: there is no state gone'],
    [
      'a target that is not there',
      define({ shut: { commands: both, on: { Opened: 'gone' } } }),
      'there is no state gone',
    ],
    [
      'a command that is not its',
      define({ shut: { commands: { ...both, Knock: 'Opened' } } }),
      'shut.Knock: is not one of',
    ],
    [
      'an event that is not its',
      define({ shut: { commands: both, on: { Rung: 'shut' } } }),
      'shut.Rung: is not one of',
    ],
    [
      'a command that raises what is not its',
      define({ shut: { commands: { ...both, Open: 'Rung' } } }),
      'Rung is not one of',
    ],
    [
      'a command that no state allows',
      define({ shut: { commands: { Open: 'Opened' } } }),
      'Close: is allowed in no state',
    ],
    [
      'a command that does not decide between events',
      define({ shut: { commands: { ...both, Open: { raises: ['Opened', 'Closed'] } } } }),
      'does not decide which',
    ],
    ['a final state that goes on', define({ shut: { commands: both, final: true } }), 'nothing can follow'],
    [
      'states without an initial one',
      define({ shut: { commands: both, states: { in: {} } } }),
      'names no state in it',
    ],
    ['an initial state of none', define({ shut: { commands: both, initial: 'in' } }), 'has no states in it'],
    ['a name with a dot', define({ shut: { commands: both }, 'a.b': {} }), 'a state is named by'],
  ])('%s', (_what, defined, says) => {
    expect(defined).toThrow(says)
    expect(defined).toThrow(expect.objectContaining({ code: 'app.invalid' }))
  })
})
