import { like, spec } from 'headwater/spec'
import { describe, expect, it } from 'vitest'
import app from '../app.ts'
import { CancelOrder, IssueCreditNote, PayOrder, ShipOrder } from '../orders/commands.ts'
import { OrderPaid, OrderPlaced, OrderShipped } from '../orders/events.ts'
import { order } from '../orders/order.ts'
import { salesByCountry, salesByCustomer } from '../orders/views.ts'
import { topProducts } from '../orders/top-products.ts'
import { anOrder, tea } from './shop.ts'

describe('an order', () => {
  const placed = spec(order).given(anOrder({ orderId: '1' }))
  const pay = PayOrder({ orderId: '1' })
  const ship = ShipOrder({ orderId: '1' })

  it('is placed once, and shipped once it was paid', () => {
    placed.when(anOrder({ orderId: '1' })).thenRejected('already-placed')
    placed.when(ship).thenRejected('not-paid')
    placed.when(pay).then(OrderPaid({ orderId: '1', total: 700 }))
    placed.given(pay).when(pay).thenRejected('already-paid')
    placed
      .given(pay)
      .when(ship)
      .then(OrderShipped({ orderId: '1' }))
    const cancel = CancelOrder({ orderId: '1', reason: 'too late' })
    placed.given(pay, ship).when(cancel).thenRejected('already-shipped')
  })

  it.each([
    ['no lines', { lines: [] }, 'lines'],
    ['a price below zero', { lines: [{ ...tea, unitPrice: -1 }] }, 'lines.0.unitPrice'],
    ['a price with a fraction', { lines: [{ ...tea, unitPrice: 0.5 }] }, 'lines.0.unitPrice'],
    ['no goods', { lines: [{ ...tea, quantity: 0 }] }, 'lines.0.quantity'],
    ['goods that come back', { lines: [tea, { ...tea, quantity: -1 }] }, 'lines.1.quantity'],
  ])('with %s is invalid, and the fault is named', (_what, changed, path) => {
    expect(() => anOrder({ orderId: '1', ...changed })).toThrow(
      expect.objectContaining({
        code: 'command.invalid',
        issues: [expect.objectContaining({ path: partsOf(path) })],
      }),
    )
  })

  it('may correct the stock by lines without a price', () => {
    const lines = [{ ...tea, quantity: -30, unitPrice: 0 }]
    spec(order)
      .when(anOrder({ orderId: '1', lines }))
      .then(like(OrderPlaced, { total: 0 }))
  })
})

describe('the sales', () => {
  const lines = [{ ...tea, quantity: 1 }]
  const sold = spec(app).when(
    anOrder({ orderId: '1', customerId: 'c' }),
    anOrder({ orderId: '2' }),
    anOrder({ orderId: '3', customerId: 'c' }),
    CancelOrder({ orderId: '3', reason: 'twice' }),
    IssueCreditNote({ creditNoteId: '4', customerId: 'c', country: 'Norway', lines }),
  )

  it('count what stands: orders less those cancelled, less credit notes', async () => {
    await sold
      .thenDocument(salesByCountry, 'Norway', {
        country: 'Norway',
        orders: 2,
        creditNotes: 1,
        lines: 3,
        revenue: 1050,
      })
      .thenDocuments(salesByCustomer, {
        c: { customerId: 'c', country: 'Norway', orders: 1, creditNotes: 1, revenue: 350 },
      })
      .thenDocument(topProducts, 'TEA', like({ quantity: 3, revenue: 1050 }))
  })

  it('add up the lines of an order that name the same product', async () => {
    await spec(app)
      .when(anOrder({ orderId: '1', lines: [tea, { ...tea, quantity: 5 }] }))
      .thenDocument(topProducts, 'TEA', like({ quantity: 7, revenue: 2450 }))
  })
})

function partsOf(path: string): (string | number)[] {
  return path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
