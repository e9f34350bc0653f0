import { beforeAll, expect, it } from 'vitest'
import { OrderPlaced } from '../../../examples/shop/orders/events.ts'
import { describeInChromium, expectToSee } from './support/chromium.ts'

const start = Date.parse('2026-03-02T12:00Z')

describeInChromium('forecasts in Studio', (at) => {
  beforeAll(async () => {
    const { headwater } = at.shop
    // On weekdays more is sold than at weekends, and more each week.
    for (let day = 0; day < 35; day++) {
      const orderId = `f${day}`
      const quantity = day % 7 < 5 ? 20 + day : 2
      const line = { sku: '71053', description: 'WHITE METAL LANTERN', quantity, unitPrice: 100 }
      const placed = OrderPlaced({
        orderId,
        country: 'Norway',
        lines: [line],
        currency: 'GBP',
        total: quantity * 100,
        kind: 'sale',
      })
      const occurredAt = new Date(start + day * 86_400_000)
      await headwater.append(`order-${orderId}`, [{ ...placed, occurredAt }])
    }
  }, 120_000)

  it('draws what was and what is expected with its interval, and tells how far to trust it', async () => {
    const page = await at.open('/views/sales-by-country')
    await page.getByRole('link', { name: 'Forecast' }).click()
    await expectToSee(page.getByText('Nothing is asked yet'))
    await page.getByLabel('Field').fill('revenue')
    await page.getByLabel('Of the document').fill('Norway')
    await page.getByLabel('What of it').selectOption('change')
    await page.getByLabel('Periods ahead').fill('7')
    await page.getByLabel('Past until').fill('2026-04-06')
    await page.getByRole('button', { name: 'Forecast' }).click()
    const chart = page.getByRole('img', {
      name: /^revenue, change in each day: 35 periods of the past and 7 ahead/,
    })
    await expectToSee(chart)
    expect(await chart.locator('circle').count()).toBe(42)
    expect(await chart.locator('.interval').getAttribute('d')).toMatch(/^M.*Z$/)
    expect(await chart.locator('.axis text').count()).toBeGreaterThan(2)
    await expectToSee(page.getByText(/its interval of 90 % held \d+ % of what came/))

    const { forecast } = at.shop.client.view('sales-by-country')
    const asked = { field: 'revenue', key: 'Norway', measure: 'change', every: 'day', horizon: 7 } as const
    const { method, trial } = await forecast({ ...asked, to: new Date('2026-04-06') })
    await expectToSee(page.locator('.forecast-told b', { hasText: `${Math.round(trial.coverage * 100)} %` }))
    await expectToSee(page.getByRole('row', { name: new RegExp(`^${method} `) }))
    await page.reload()
    await expectToSee(chart)
  })

  it('says by its code why there is none, and asks again with other methods', async () => {
    const page = await at.open('/views/sales-by-country/forecast?field=revenue&every=month&to=2026-04-06')
    await expectToSee(page.getByRole('alert').getByText('forecast.too-short'))
    await page.getByLabel('Each').selectOption('day')
    await page.getByLabel('Method').selectOption('naive')
    await page.getByRole('button', { name: 'Forecast' }).click()
    await expectToSee(page.getByText('naive expects that it stays as it was last'))
  })
})
