import { like, spec } from 'headwater/spec'
import { describe, expect, it } from 'vitest'
import app from '../app.ts'
import { ChangeCustomerAddress, RegisterCustomer } from '../customers/commands.ts'
import { customer } from '../customers/customer.ts'
import { CustomerRegistered } from '../customers/events.ts'
import { CancelOrder, PayOrder } from '../orders/commands.ts'
import { order } from '../orders/order.ts'
import { settleOrders } from '../orders/reactions.ts'
import { shippingAddresses } from '../orders/views.ts'
import { DeclinePayment, ReceivePayment } from '../payments/commands.ts'
import { PaymentReceived } from '../payments/events.ts'
import { payment } from '../payments/payment.ts'
import traffic from '../traffic.ts'
import { script } from '../traffic/script.ts'
import { anOrder, openShop, until } from './shop.ts'

const placed = spec(app).given(anOrder({ orderId: '1' }))

describe('orders and payments', () => {
  it('an order that is placed is charged, and paid when the money came', async () => {
    await placed.thenState(payment, '1', like({ status: 'requested' }))
    await placed.when(ReceivePayment({ paymentId: '1' })).thenState(order, '1', like({ status: 'paid' }))
  })

  it('an order is marked as paid once, though the news comes twice', async () => {
    await spec(settleOrders)
      .when('payment-1', PaymentReceived({ paymentId: '1', orderId: '1', amount: 700 }))
      .numberOfTimes(2)
      .thenSends(PayOrder({ orderId: '1' }))
  })

  it('an order whose payment is declined is cancelled', async () => {
    await placed
      .when(DeclinePayment({ paymentId: '1', reason: 'Card expired' }))
      .thenState(order, '1', like({ status: 'cancelled' }))
  })

  it('an order that is cancelled is paid back, or not charged any more', async () => {
    const cancel = CancelOrder({ orderId: '1', reason: 'Changed my mind' })
    await placed.when(cancel).thenState(payment, '1', like({ status: 'dropped' }))
    await placed
      .given(ReceivePayment({ paymentId: '1' }))
      .when(cancel)
      .thenState(payment, '1', like({ status: 'refunded' }))
  })
})

describe('orders and customers', () => {
  const address = { street: '1 Mill Lane', city: 'Leeds', postcode: 'LS1', country: 'United Kingdom' }
  const register = RegisterCustomer({ customerId: 'c', name: 'Ada', address })

  it('orders keep their own copy of where customers live', async () => {
    const moved = { ...address, city: 'Bristol' }
    await spec(app)
      .given(register)
      .when(ChangeCustomerAddress({ customerId: 'c', address: moved }))
      .thenDocument(shippingAddresses, 'c', { customerId: 'c', name: 'Ada', address: moved })
  })

  it('a customer who says the same address again has not moved', () => {
    spec(customer)
      .given(CustomerRegistered({ customerId: 'c', name: 'Ada', address }))
      .when(ChangeCustomerAddress({ customerId: 'c', address }))
      .thenNothing()
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
