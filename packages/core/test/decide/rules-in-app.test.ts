import { aggregate, app, command, context, event, rule, view } from '@headwater/core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { running } from '../support/running.ts'

const salesTax = rule('sales-tax', [
  { from: '2017-01-01', value: 0.015 },
  { from: '2018-02-01', value: 0.018 },
])

const Placed = event('Placed', z.object({ amount: z.number(), tax: z.number() }))
const Refunded = event('Refunded', z.object({ tax: z.number() }))
const Place = command('Place', z.object({ orderId: z.string(), amount: z.number() }))
const Refund = command('Refund', z.object({ orderId: z.string() }))

/** Taxed by the decision, and once more by the fold. */
const order = aggregate('order', {
  events: [Placed, Refunded],
  commands: [Place, Refund],
  initial: { at: new Date(0), rate: 0, folded: 0 },
  evolve: {
    Placed: (_state, { data, occurredAt }, { rule: inForce }) => {
      return { at: occurredAt, rate: data.tax / data.amount, folded: inForce(salesTax) }
    },
    Refunded: (state) => state,
  },
  decide: {
    Place: (_state, { amount }, { rule: inForce }) => Placed({ amount, tax: amount * inForce(salesTax) }),
    Refund: (state, _data, { rule: inForce }) => [Refunded({ tax: inForce(salesTax, state.at) })],
  },
})

const taxes = view('taxes', {
  events: [Placed],
  key: () => 'all',
  initial: { rates: [] as number[] },
  on: { Placed: (doc, _event, _key, { rule: inForce }) => ({ rates: [...doc.rates, inForce(salesTax)] }) },
})

const shop = app({ name: 'shop', aggregates: [order], views: [taxes], rules: [salesTax] })

const january = new Date('2018-01-31T23:59:59.999Z')
const february = new Date('2018-02-01T00:00:00.000Z')
const summer = new Date('2020-08-01')

describe('a decision', () => {
  test('gets the rule that was in force when the event occurred, however late it comes', async () => {
    const headwater = await running(shop)
    await headwater.execute(Place({ orderId: 'late', amount: 100 }), { occurredAt: february })
    await headwater.execute(Place({ orderId: 'later', amount: 100 }), { occurredAt: january })
    expect((await headwater.state(order, 'late')).state).toMatchObject({ rate: 0.018, folded: 0.018 })
    expect((await headwater.state(order, 'later')).state).toMatchObject({ rate: 0.015, folded: 0.015 })
  })

  test('may ask for another time than its own', async () => {
    const headwater = await running(shop)
    await headwater.execute(Place({ orderId: 'a', amount: 100 }), { occurredAt: january })
    await headwater.execute(Refund({ orderId: 'a' }), { occurredAt: summer })
    const { events } = await headwater.readStream('order-a')
    expect(events[1]?.data).toEqual({ tax: 0.015 })
  })

  test('leaves in the command log which entry it read', async () => {
    const headwater = await running(shop)
    await headwater.execute(Place({ orderId: 'a', amount: 100 }), { occurredAt: january })
    await headwater.execute(Place({ orderId: 'b', amount: 100 }), { occurredAt: february })
    const [first, second] = await headwater.commands()
    expect(first?.reads).toEqual({
      streams: [['order-a', 0]],
      rules: [['sales-tax', '2017-01-01T00:00:00.000Z', expect.stringMatching(/^[0-9a-f]{8}$/)]],
    })
    expect(second?.reads.rules?.[0]?.[1]).toBe('2018-02-01T00:00:00.000Z')
    expect(second?.reads.rules?.[0]?.[2]).not.toBe(first?.reads.rules?.[0]?.[2])
  })

  test('is refused where nothing is in force', async () => {
    const headwater = await running(shop)
    const command = headwater.execute(Place({ orderId: 'a', amount: 1 }), {
      occurredAt: new Date('2016-01-01'),
    })
    await expect(command).rejects.toMatchObject({ code: 'rule.not-in-force' })
    expect(await headwater.lastPosition()).toBeUndefined()
  })

  test('can’t ask for a rule that its app doesn’t name', async () => {
    const headwater = await running(app({ name: 'shop', aggregates: [order] }))
    const placing = headwater.execute(Place({ orderId: 'a', amount: 1 }), { occurredAt: january })
    await expect(placing).rejects.toMatchObject({ code: 'rule.unknown' })
  })
})

describe('a fold', () => {
  test('gives the same in a replay, in whichever order the events were recorded', async () => {
    const first = await running(shop)
    for (const [index, occurredAt] of [summer, january, february, january].entries())
      await first.execute(Place({ orderId: `o${index}`, amount: 100 }), { occurredAt })
    const { position } = await first.head()
    expect(await first.view(taxes).get('all', { waitFor: position })).toMatchObject({
      doc: { rates: [0.018, 0.015, 0.018, 0.015] },
    })
    const history = await first.history('order-o1')
    expect(history.items[0]?.state).toMatchObject({ rate: 0.015, folded: 0.015 })
  })
})

describe('an app', () => {
  const reduced = salesTax.with([{ from: '2020-07-01', to: '2021-01-01', value: 0.01 }])

  test('may lay entries over a rule of a context, whose aggregate stays as it is', async () => {
    const orders = context('orders', { aggregates: [order], views: [taxes], rules: [salesTax] })
    const headwater = await running(app({ name: 'shop', contexts: [orders], rules: [reduced] }))
    const { position } = await headwater.execute(Place({ orderId: 'a', amount: 100 }), { occurredAt: summer })
    expect((await headwater.state(order, 'a')).state).toMatchObject({ rate: 0.01, folded: 0.01 })
    expect(await headwater.view(taxes).get('all', { waitFor: position })).toMatchObject({
      doc: { rates: [0.01] },
    })
    expect(headwater.rule(salesTax, { at: summer })).toBe(0.01)
    expect(headwater.catalog.rules).toEqual([
      { name: 'sales-tax', description: null, timeZone: 'UTC', contexts: ['orders'] },
    ])
  })

  test('may have entries for a tenant, which others neither get nor see', async () => {
    const rules = [salesTax.with([{ from: '2017-06-01', value: 0.005 }], { tenant: 'north' })]
    const headwater = await running(app({ name: 'shop', aggregates: [order], rules }))
    for (const tenant of ['north', 'south'])
      await headwater.execute(Place({ orderId: 'a', amount: 100 }), { occurredAt: summer, tenant })
    expect((await headwater.state(order, 'a', { tenant: 'north' })).state).toMatchObject({ folded: 0.005 })
    expect((await headwater.state(order, 'a', { tenant: 'south' })).state).toMatchObject({ folded: 0.018 })
    const entries = (tenant: string) => headwater.rules({ tenant })[0]?.entries.map(({ value }) => value)
    expect(entries('north')).toEqual([0.015, 0.018, 0.005])
    expect(entries('south')).toEqual([0.015, 0.018])
  })

  test('tells what is in force', async () => {
    const headwater = await running(app({ name: 'shop', aggregates: [order], rules: [reduced] }))
    expect(headwater.rules({ at: summer })).toMatchObject([
      {
        name: 'sales-tax',
        timeZone: 'UTC',
        inForce: { from: new Date('2020-07-01'), to: new Date('2021-01-01'), value: 0.01, kind: 'data' },
      },
    ])
    expect(headwater.rules({ at: new Date('2001-01-01') })[0]?.inForce).toBeNull()
  })

  test('with two rules of one name, or two forms of one in two contexts, is refused', async () => {
    const other = rule('sales-tax', [{ value: 1 }])
    const contexts = [context('a', { rules: [salesTax] }), context('b', { rules: [other] })]
    await expect(running(app({ name: 'shop', contexts }))).rejects.toThrow('there are two rules of this name')
    const forms = [context('a', { rules: [salesTax] }), context('b', { rules: [reduced] })]
    await expect(running(app({ name: 'shop', contexts: forms }))).rejects.toThrow('with other entries')
    await expect(running(app({ name: 'shop', contexts: forms, rules: [reduced] }))).resolves.toBeDefined()
    await expect(running(app({ name: 'shop', contexts, rules: [reduced] }))).rejects.toMatchObject({
      code: 'app.invalid',
    })
  })
})
