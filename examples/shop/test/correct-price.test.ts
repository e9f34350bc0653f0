import { open } from 'headwater'
import { expect, it } from 'vitest'
import app from '../app.ts'
import { correctPrice } from '../correct-price.ts'
import { PlaceOrder } from '../orders/commands.ts'
import { salesByCountry } from '../orders/views.ts'

const warmer = { sku: '22633', description: 'HAND WARMER', quantity: 6, unitPrice: 185 }
const lantern = { sku: '71053', description: 'LANTERN', quantity: 1, unitPrice: 339 }

it('a price is corrected in all orders of a day, and what was believed before stays known', async () => {
  const shop = await open(app, { db: 'memory:' })
  try {
    const place = (orderId: string, country: string, day: string) =>
      shop.execute(PlaceOrder({ orderId, country, lines: [warmer, lantern] }), {
        occurredAt: new Date(`${day}T10:00:00Z`),
      })
    await place('1', 'France', '2010-12-01')
    await place('2', 'France', '2010-12-02')
    const { position: before } = await place('3', 'Norway', '2010-12-02')
    const revenue = async (options: object) =>
      (await shop.view(salesByCountry).list({ timeLimit: 60_000, ...options })).items.map(
        ({ doc }) => doc.revenue,
      )
    expect(await revenue({ waitFor: before })).toEqual([2 * 1449, 1449])

    const correction = { sku: '22633', day: '2010-12-02', unitPrice: 110, actor: 'ada' }
    const corrected = await correctPrice(shop, correction)
    expect(corrected?.amendments).toHaveLength(2)
    expect(await revenue({ waitFor: corrected?.position })).toEqual([1449 + 999, 999])
    expect(await revenue({ at: before })).toEqual([2 * 1449, 1449])
    const { items } = await shop.history('order-2')
    expect(items[0]?.event.amended).toMatchObject({ by: 'ada', why: '22633 cost 110 pence on 2010-12-02' })
    expect(await correctPrice(shop, { ...correction, day: '2010-12-03' })).toBeUndefined()
  } finally {
    await shop.close()
  }
})
