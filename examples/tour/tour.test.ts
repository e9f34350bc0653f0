import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Headwater, open } from 'headwater'
import { expect, onTestFinished, test } from 'vitest'
import { ChangeCard, RegisterCustomer } from './customers.ts'
import carried, { wallet, withoutCustomers } from './event-carried-state.ts'
import { notified, type Payment } from './event-notification.ts'
import { orderList, PlaceOrder } from './orders.ts'
import { orderService } from './request-driven.ts'

/** A service that can be down. */
function customerService() {
  let isUp = true
  return {
    stop: () => void (isUp = false),
    start: () => void (isUp = true),
    cardOf: async (customerId: string) => {
      if (!isUp) throw new Error('customers is down')
      return `card of ${customerId}`
    },
  }
}

async function aDatabase(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-tour-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'tour.db')
}

async function untilPaid(headwater: Headwater, orderId: string): Promise<void> {
  for await (const { type, stream } of headwater.events({ live: true, types: ['OrderPaid'] })) {
    if (type === 'OrderPaid' && stream === `order-${orderId}`) return
  }
}

const placed = PlaceOrder({ orderId: '1', customerId: 'ada', amount: 500 })

test('request-driven: while customers is down, nobody can order, and half an order stays behind', async () => {
  const customers = customerService()
  const charged: string[] = []
  const payments = { charge: async (card: string) => void charged.push(card) }
  const { place, orders } = orderService(customers, payments)
  await expect(place('1', 'ada', 500)).resolves.toMatchObject({ status: 'paid' })
  customers.stop()
  await expect(place('2', 'ada', 500)).rejects.toThrow('customers is down')
  expect(orders.get('2')).toMatchObject({ status: 'placed' })
  expect(charged).toEqual(['card of ada'])
})

test('event notification: while customers is down the order is taken, and the payment waits for it', async () => {
  const customers = customerService()
  customers.stop()
  const record = async (stream: string, { id, event }: Payment): Promise<void> => {
    await headwater.append(stream, [event], { id })
  }
  const headwater = await open(notified(customers, record), { db: 'memory:' })
  onTestFinished(() => headwater.close())
  expect(await headwater.execute(placed)).toMatchObject({ status: 'accepted' })
  customers.start()
  await untilPaid(headwater, '1')
  const { events } = await headwater.readStream('payment-1')
  expect(events.map(({ data }) => data)).toEqual([{ orderId: '1', card: 'card of ada', amount: 500 }])
})

test('event-carried state: while customers is down, orders are placed and paid by the copy', async () => {
  const db = await aDatabase()
  const everything = await open(carried, { db })
  await everything.execute(RegisterCustomer({ customerId: 'ada', name: 'Ada', card: 'blue' }))
  const changed = await everything.execute(ChangeCard({ customerId: 'ada', card: 'red' }))
  await everything.processor('keep-copy').waitFor(changed.position ?? 0)
  await everything.close()

  const rest = await open(withoutCustomers, { db })
  await rest.execute(placed)
  await untilPaid(rest, '1')
  expect((await rest.state(wallet, 'ada')).state).toEqual({ card: 'red', paid: ['1'] })
  await expect(rest.executeRaw('ChangeCard', { customerId: 'ada', card: 'x' })).rejects.toMatchObject({
    code: 'command.unknown',
  })
  await rest.close()

  const again = await open(carried, { db })
  onTestFinished(() => again.close())
  const paid = await again.lastPosition()
  const shown = await again.view(orderList).get('1', { waitFor: paid })
  expect(shown?.doc).toEqual({ customerId: 'ada', amount: 500, status: 'paid' })
})

test('event-carried state: a payment knows which card was known when it was taken', async () => {
  const headwater = await open(carried, { db: 'memory:' })
  onTestFinished(() => headwater.close())
  await headwater.execute(RegisterCustomer({ customerId: 'ada', name: 'Ada', card: 'blue' }))
  await headwater.execute(placed)
  await untilPaid(headwater, '1')
  await headwater.execute(ChangeCard({ customerId: 'ada', card: 'red' }))
  await headwater.execute(PlaceOrder({ orderId: '2', customerId: 'ada', amount: 700 }))
  await untilPaid(headwater, '2')
  const { events } = await headwater.readStream('wallet-ada')
  expect(events.map(({ type, data }) => [type, data])).toEqual([
    ['CardKnown', { card: 'blue' }],
    ['PaymentTaken', { orderId: '1', card: 'blue', amount: 500 }],
    ['CardKnown', { card: 'red' }],
    ['PaymentTaken', { orderId: '2', card: 'red', amount: 700 }],
  ])
})
