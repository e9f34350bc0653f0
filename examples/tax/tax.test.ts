import { app, type App, type Headwater, open } from 'headwater'
import { expect, onTestFinished, test } from 'vitest'
import tax from './app.ts'
import { order, PlaceOrder } from './order.ts'
import { salesTax, shipping } from './rules.ts'
import { taxDue } from './tax-due.ts'

async function running(definition: App = tax): Promise<Headwater> {
  const headwater = await open(definition, { db: 'memory:' })
  onTestFinished(() => headwater.close())
  return headwater
}

async function place(headwater: Headwater, orderId: string, amount: number, occurredAt: string) {
  const command = PlaceOrder({ orderId, customer: 'ada', amount })
  return headwater.execute(command, { occurredAt: new Date(occurredAt) })
}

/** What the orders were charged, by their ids. */
async function charged(headwater: Headwater): Promise<Record<string, unknown>> {
  const { events } = await headwater.readEvents()
  return Object.fromEntries(events.map(({ aggregateId, data }) => [aggregateId, data]))
}

test('the tax changes with the first moment of February 2018', async () => {
  const headwater = await running()
  await place(headwater, 'january', 10_000, '2018-01-31T23:59:59.999Z')
  await place(headwater, 'february', 10_000, '2018-02-01T00:00:00.000Z')
  expect(await charged(headwater)).toMatchObject({ january: { tax: 150 }, february: { tax: 180 } })
})

test('an order that is recorded late, or out of order, is taxed as of when it was placed', async () => {
  const headwater = await running()
  await place(headwater, 'new', 10_000, '2026-11-25')
  await place(headwater, 'old', 10_000, '2018-01-15')
  await place(headwater, 'older', 10_000, '2017-03-01')
  expect(await charged(headwater)).toMatchObject({
    new: { tax: 180 },
    old: { tax: 150 },
    older: { tax: 150 },
  })
})

test('a rule may be a function: since June 2018 whoever orders much pays no shipping', async () => {
  const headwater = await running()
  await place(headwater, 'may', 9_000, '2018-05-31')
  await place(headwater, 'june', 9_000, '2018-06-01')
  await place(headwater, 'small', 900, '2018-06-01')
  expect(await charged(headwater)).toMatchObject({
    may: { shipping: 500 },
    june: { shipping: 0 },
    small: { shipping: 500 },
  })
})

test('a new rate is an entry more: neither the aggregate nor what was recorded changes', async () => {
  const before = await running()
  await place(before, 'spring', 10_000, '2020-06-30')
  await place(before, 'autumn', 10_000, '2020-10-01')
  expect(await charged(before)).toMatchObject({ spring: { tax: 180 }, autumn: { tax: 180 } })

  const reduced = salesTax.with([{ from: '2020-07-01', to: '2021-01-01', value: 0.016 }])
  const after = await running(
    app({ name: 'tax', aggregates: [order], views: [taxDue], rules: [reduced, shipping] }),
  )
  for (const [id, placedAt] of [
    ['spring', '2020-06-30'],
    ['autumn', '2020-10-01'],
    ['winter', '2021-01-01'],
  ] as const)
    await place(after, id, 10_000, placedAt)
  expect(await charged(after)).toMatchObject({
    spring: { tax: 180 },
    autumn: { tax: 160 },
    winter: { tax: 180 },
  })
})

test('what is due is what was charged, month by month, whenever it is worked out', async () => {
  const headwater = await running()
  for (const [index, placedAt] of ['2018-02-03', '2018-01-05', '2018-02-01', '2018-01-31'].entries())
    await place(headwater, `order-${index}`, 10_010, placedAt)
  const { position: waitFor } = await headwater.head()
  const months = (await headwater.view(taxDue).list({ waitFor })).items.map(({ doc }) => doc)
  expect(months).toEqual([
    { month: '2018-01', sales: 20_020, charged: 300, due: 300 },
    { month: '2018-02', sales: 20_020, charged: 360, due: 360 },
  ])
})

test('a replay into another view gives the same, and so does a state that is folded again', async () => {
  const headwater = await running()
  await place(headwater, 'a', 10_000, '2018-02-01')
  await place(headwater, 'b', 10_000, '2018-01-31')
  const { position: waitFor } = await headwater.head()
  const first = await headwater.view(taxDue).list({ waitFor })

  const again = await running()
  for await (const { type, stream, data, occurredAt } of headwater.events()) {
    await again.append(stream, [{ type, version: 1, data, occurredAt, tags: [] }])
  }
  expect((await again.view(taxDue).list({ waitFor })).items).toEqual(first.items)
  expect(await again.state(order, 'b')).toEqual(await headwater.state(order, 'b'))
})

test('the command log keeps by which entry an order was taxed', async () => {
  const headwater = await running()
  await place(headwater, 'a', 10_000, '2018-02-03')
  const [placed] = await headwater.commands()
  expect(placed?.reads.rules).toMatchObject([
    ['sales-tax', '2018-02-01T00:00:00.000Z', expect.any(String)],
    ['shipping', null, expect.any(String)],
  ])
})

test('an order from before the first rate is refused', async () => {
  const headwater = await running()
  await expect(place(headwater, 'a', 10_000, '2016-12-31')).rejects.toMatchObject({
    code: 'rule.not-in-force',
  })
})
