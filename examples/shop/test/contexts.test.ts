import type { Headwater } from 'headwater'
import { describe, expect, it } from 'vitest'
import { ChangeCustomerAddress, RegisterCustomer } from '../customers/commands.ts'
import { CancelOrder } from '../orders/commands.ts'
import { order } from '../orders/order.ts'
import { shippingAddresses } from '../orders/views.ts'
import { DeclinePayment, ReceivePayment } from '../payments/commands.ts'
import { payment } from '../payments/payment.ts'
import traffic from '../traffic.ts'
import { script } from '../traffic/script.ts'
import { anOrder, openShop, until } from './shop.ts'

const soon = { timeout: 20_000, interval: 5 }

const orderStatus = (shop: Headwater, orderId: string) => async () =>
  (await shop.state(order, orderId)).state.status
const paymentStatus = (shop: Headwater, paymentId: string) => async () =>
  (await shop.state(payment, paymentId)).state.status

describe('orders and payments', () => {
  it('an order that is placed is charged, and paid when the money came', async () => {
    const shop = await openShop()
    await shop.execute(anOrder({ orderId: '1' }))
    await expect.poll(paymentStatus(shop, '1'), soon).toBe('requested')
    await shop.execute(ReceivePayment({ paymentId: '1' }))
    await expect.poll(orderStatus(shop, '1'), soon).toBe('paid')
  })

  it('an order whose payment is declined is cancelled', async () => {
    const shop = await openShop()
    await shop.execute(anOrder({ orderId: '1' }))
    await expect.poll(paymentStatus(shop, '1'), soon).toBe('requested')
    await shop.execute(DeclinePayment({ paymentId: '1', reason: 'Card expired' }))
    await expect.poll(orderStatus(shop, '1'), soon).toBe('cancelled')
  })

  it('an order that is cancelled is paid back, or not charged any more', async () => {
    const shop = await openShop()
    for (const orderId of ['paid', 'open']) {
      await shop.execute(anOrder({ orderId }))
      await expect.poll(paymentStatus(shop, orderId), soon).toBe('requested')
    }
    await shop.execute(ReceivePayment({ paymentId: 'paid' }))
    await expect.poll(orderStatus(shop, 'paid'), soon).toBe('paid')
    for (const orderId of ['paid', 'open'])
      await shop.execute(CancelOrder({ orderId, reason: 'Changed my mind' }))
    await expect.poll(paymentStatus(shop, 'paid'), soon).toBe('refunded')
    await expect.poll(paymentStatus(shop, 'open'), soon).toBe('dropped')
  })
})

describe('orders and customers', () => {
  it('orders keep their own copy of where customers live', async () => {
    const shop = await openShop()
    const address = { street: '1 Mill Lane', city: 'Leeds', postcode: 'LS1', country: 'United Kingdom' }
    await shop.execute(RegisterCustomer({ customerId: 'c', name: 'Ada', address }))
    const moved = { ...address, city: 'Bristol' }
    const { position } = await shop.execute(ChangeCustomerAddress({ customerId: 'c', address: moved }))
    expect((await shop.view(shippingAddresses).get('c', { waitFor: position }))?.doc).toEqual({
      customerId: 'c',
      name: 'Ada',
      address: moved,
    })
  })

  it('a customer who says the same address again has not moved', async () => {
    const shop = await openShop()
    const address = { street: '1 Mill Lane', city: 'Leeds', postcode: 'LS1', country: 'United Kingdom' }
    await shop.execute(RegisterCustomer({ customerId: 'c', name: 'Ada', address }))
    expect(await shop.execute(ChangeCustomerAddress({ customerId: 'c', address }))).toMatchObject({
      events: [],
      revision: 1,
    })
  })
})

describe('the simulated traffic', () => {
  it('follows from its seed', () => {
    const first = (seed: string) => script(seed).take(300).toArray()
    expect(first('a')).toEqual(first('a'))
    expect(first('a')).not.toEqual(first('b'))
  })

  it('places, pays, ships, cancels and credits orders, and tries what the shop refuses', async () => {
    const shop = await openShop()
    const enough = new AbortController()
    const running = traffic(shop, { rate: 10_000, seed: 'test', signal: enough.signal })
    await until(async () => ((await shop.commands({ after: 300, limit: 1 })).length > 0 ? true : undefined))
    enough.abort()
    await running
    const types = new Set((await Array.fromAsync(shop.events())).map(({ type }) => type))
    for (const type of [
      'OrderShipped',
      'OrderCancelled',
      'CreditNoteIssued',
      'PaymentDeclined',
      'CustomerAddressChanged',
    ]) {
      expect(types).toContain(type)
    }
    const rejected = (await shop.commands({ limit: 300 })).filter(({ status }) => status === 'rejected')
    expect(rejected.length).toBeGreaterThan(2)
    expect(rejected.length).toBeLessThan(60)
  })
})
