import { view } from '@headwater/core'
import { like, spec } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'
import { OrderPaid, orders, placed17 } from '../support/orders.ts'
import { said } from '../support/said.ts'

describe('a failing expectation of documents says', () => {
  test('where a document differs', () => {
    const paid = spec(orders).given('order-17', placed17, OrderPaid({ orderId: '17', total: 700 }))
    expect(
      said(() => paid.then({ '17': like({ status: 'placed' }), '18': like({ total: 1 }) })),
    ).toMatchInlineSnapshot(`
      "
      orders: the documents are not as expected
        at ["17"].status
          expected  'placed'
          actual    'paid'
        at ["18"]
          expected  { total: 1 }
          actual    (nothing)

      given   order-17  OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
              order-17  OrderPaid    { orderId: '17', total: 700 }
      "
    `)
    expect(said(() => paid.thenNone())).toMatchInlineSnapshot(`
      "
      orders: the documents are not as expected
        at ["17"]
          expected  (nothing)
          actual    { status: 'paid', total: 700, since: '2026-01-01T00:00:00.000Z' }

      given   order-17  OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
              order-17  OrderPaid    { orderId: '17', total: 700 }
      "
    `)
    expect(said(() => paid.thenNoDocument('17'))).toMatchInlineSnapshot(`
      "
      orders: document 17 is not as expected
          expected  (nothing)
          actual    { status: 'paid', total: 700, since: '2026-01-01T00:00:00.000Z' }

      given   order-17  OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
              order-17  OrderPaid    { orderId: '17', total: 700 }
      "
    `)
    expect(said(() => paid.thenDocument('18', { status: '', total: 0, since: '' }))).toMatchInlineSnapshot(`
      "
      orders: document 18 is not as expected
          expected  { status: '', total: 0, since: '' }
          actual    (nothing)

      given   order-17  OrderPlaced  { orderId: '17', lines: [ { sku: 'TEA', quantity: 2, unitPrice: 350 } ], total: 700 }
              order-17  OrderPaid    { orderId: '17', total: 700 }
      "
    `)
  })

  test('that a view could not fold an event', () => {
    const brittle = view('brittle', {
      events: [OrderPaid],
      initial: { total: 0 },
      on: {
        OrderPaid: () => {
          throw new RangeError('too much')
        },
      },
    })
    const given = spec(brittle).given('order-17', OrderPaid({ orderId: '17', total: 700 }))
    expect(said(() => given.thenNone())).toMatchInlineSnapshot(`
      "
      brittle: OrderPaid could not be folded: too much

      given   order-17  OrderPaid  { orderId: '17', total: 700 }
      "
    `)
  })

  test('that a fold is not pure', () => {
    const random = view('random', {
      events: [OrderPaid],
      initial: { total: 0 },
      on: { OrderPaid: () => ({ total: Math.random() }) },
    })
    const given = spec(random).given('order-17', OrderPaid({ orderId: '17', total: 700 }))
    expect(said(() => given.thenNone()).replaceAll(/0\.\d+(e-\d+)?/g, '0.…')).toMatchInlineSnapshot(`
      "
      random: on.OrderPaid folded the same event twice, and something else came out
        at total
          once   0.…
          again  0.…
        A fold looks at the document and the event, and changes nothing.

      given   order-17  OrderPaid  { orderId: '17', total: 700 }
      "
    `)
  })
})
