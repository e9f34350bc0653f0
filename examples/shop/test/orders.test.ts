import { describe, expect, it } from 'vitest'
import { CancelOrder, IssueCreditNote, PayOrder, ShipOrder } from '../orders/commands.ts'
import { salesByCountry, salesByCustomer } from '../orders/views.ts'
import { topProducts } from '../orders/top-products.ts'
import { anOrder, openShop, tea } from './shop.ts'

describe('an order', () => {
  it('is placed once, and shipped once it was paid', async () => {
    const shop = await openShop()
    expect(await shop.execute(anOrder({ orderId: '1' }))).toMatchObject({
      status: 'accepted',
      stream: 'order-1',
    })
    expect(await shop.execute(anOrder({ orderId: '1' }))).toMatchObject({
      reason: { code: 'already-placed' },
    })
    expect(await shop.execute(ShipOrder({ orderId: '1' }))).toMatchObject({ reason: { code: 'not-paid' } })
    expect(await shop.execute(PayOrder({ orderId: '1' }))).toMatchObject({ status: 'accepted' })
    expect(await shop.execute(PayOrder({ orderId: '1' }))).toMatchObject({ reason: { code: 'already-paid' } })
    expect(await shop.execute(ShipOrder({ orderId: '1' }))).toMatchObject({ status: 'accepted' })
    const cancel = CancelOrder({ orderId: '1', reason: 'too late' })
    expect(await shop.execute(cancel)).toMatchObject({ reason: { code: 'already-shipped' } })
  })

  it.each([
    ['no lines', { lines: [] }, 'lines'],
    ['a price below zero', { lines: [{ ...tea, unitPrice: -1 }] }, 'lines.0.unitPrice'],
    ['a price with a fraction', { lines: [{ ...tea, unitPrice: 0.5 }] }, 'lines.0.unitPrice'],
    ['no goods', { lines: [{ ...tea, quantity: 0 }] }, 'lines.0.quantity'],
    ['goods that come back', { lines: [tea, { ...tea, quantity: -1 }] }, 'lines.1.quantity'],
  ])('with %s is invalid, and the fault is named', (_what, order, path) => {
    expect(() => anOrder({ orderId: '1', ...order })).toThrow(
      expect.objectContaining({
        code: 'command.invalid',
        issues: [expect.objectContaining({ path: partsOf(path) })],
      }),
    )
  })

  it('may correct the stock by lines without a price', async () => {
    const shop = await openShop()
    const lines = [{ ...tea, quantity: -30, unitPrice: 0 }]
    expect(await shop.execute(anOrder({ orderId: '1', lines }))).toMatchObject({ status: 'accepted' })
  })
})

describe('the sales', () => {
  it('count what stands: orders less those cancelled, less credit notes', async () => {
    const shop = await openShop()
    await shop.execute(anOrder({ orderId: '1', customerId: 'c' }))
    await shop.execute(anOrder({ orderId: '2' }))
    await shop.execute(anOrder({ orderId: '3', customerId: 'c' }))
    await shop.execute(CancelOrder({ orderId: '3', reason: 'twice' }))
    const lines = [{ ...tea, quantity: 1 }]
    const { position } = await shop.execute(
      IssueCreditNote({ creditNoteId: '4', customerId: 'c', country: 'Norway', lines }),
    )

    expect((await shop.view(salesByCountry).get('Norway', { waitFor: position }))?.doc).toEqual({
      country: 'Norway',
      orders: 2,
      creditNotes: 1,
      lines: 3,
      revenue: 1050,
    })
    expect(
      (await shop.view(salesByCustomer).list({ waitFor: position })).items.map(({ doc }) => doc),
    ).toEqual([{ customerId: 'c', country: 'Norway', orders: 1, creditNotes: 1, revenue: 350 }])
    expect((await shop.view(topProducts).get('TEA', { waitFor: position }))?.doc).toMatchObject({
      quantity: 3,
      revenue: 1050,
    })
  })

  it('add up the lines of an order that name the same product', async () => {
    const shop = await openShop()
    const { position } = await shop.execute(anOrder({ orderId: '1', lines: [tea, { ...tea, quantity: 5 }] }))
    expect((await shop.view(topProducts).get('TEA', { waitFor: position }))?.doc).toMatchObject({
      quantity: 7,
      revenue: 2450,
    })
  })
})

function partsOf(path: string): (string | number)[] {
  return path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
