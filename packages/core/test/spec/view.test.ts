import { jsonCodec, view } from '@headwater/core'
import { like, spec } from '@headwater/core/spec'
import { describe, expect, test } from 'vitest'
import { OrderPaid, OrderPlaced, orders, placed17, sales } from '../support/orders.ts'

const tea = (orderId: string, quantity: number) =>
  OrderPlaced({ orderId, lines: [{ sku: 'TEA', quantity, unitPrice: 1 }], total: quantity })

describe('a specification of a view', () => {
  test('expects all documents, by their keys', () => {
    spec(orders)
      .at('2026-11-01')
      .given('order-17', placed17, OrderPaid({ orderId: '17', total: 700 }), 'order-18', tea('18', 3))
      .then({
        '17': { status: 'paid', total: 700, since: '2026-11-01T00:00:00.000Z' },
        '18': like({ status: 'placed', total: 3 }),
      })
  })

  test('expects some documents, one, or none', () => {
    const given = spec(orders).given('order-17', placed17, 'order-18', tea('18', 3))
    given
      .thenSome({ '18': like({ total: 3 }) })
      .thenDocument('17', like({ total: 700 }))
      .thenNoDocument('19')
    spec(orders).thenNone()
  })

  test('needs no streams where the view makes its keys of the data', () => {
    spec(sales)
      .given(tea('1', 2), tea('2', 3))
      .then({ TEA: { sold: 5 } })
  })

  test('says so where a stream would be needed', () => {
    expect(() => spec(orders).given(placed17).thenNone()).toThrow(
      "The aggregateId of OrderPlaced is needed: say in which stream it is, given('order-17', OrderPlaced({ … }))",
    )
  })

  test('knows of deleted documents', () => {
    spec(sales).given(tea('1', 2), tea('2', -2)).thenNone().thenNoDocument('TEA')
  })

  test('sees when an event occurred, also where the event says so itself', () => {
    const late = OrderPlaced({ orderId: '17', lines: [], total: 0 }, { occurredAt: new Date('2020-02-02') })
    spec(orders)
      .given('order-17', late)
      .thenDocument('17', like({ since: '2020-02-02T00:00:00.000Z' }))
  })

  test('keeps tenants apart', () => {
    spec(sales)
      .of('acme')
      .given(tea('1', 2))
      .of('globex')
      .given(tea('1', 3))
      .then({ TEA: { sold: 3 } })
  })

  test('sees documents as a store gives them back', () => {
    const seen = view('seen', {
      events: [OrderPaid],
      initial: { at: new Date(0) as Date | string },
      on: { OrderPaid: (_doc, { occurredAt }) => ({ at: occurredAt }) },
    })
    const at = jsonCodec.decode(
      'document',
      '',
      1,
      jsonCodec.encode('document', '', 1, new Date('2026-11-01')),
    )
    spec(seen)
      .at('2026-11-01')
      .given('order-1', OrderPaid({ orderId: '1', total: 1 }))
      .then({ '1': { at: String(at) } })
  })
})
