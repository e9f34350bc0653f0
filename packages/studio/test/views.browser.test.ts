import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'

const countries = ['Norway', 'France', 'Germany']

describeInChromium('views in Studio', (at) => {
  beforeAll(async () => {
    const { client } = at.shop
    let position = 0
    for (let number = 1; number <= 60; number++) {
      const lines = [{ sku: '1', description: 'LANTERN', quantity: number, unitPrice: 100 }]
      const country = countries[number % 3] ?? ''
      const orderId = String(number).padStart(3, '0')
      position = (await client.execute('PlaceOrder', { orderId, country, lines })).position ?? 0
    }
    await client.view('orders').list({ waitFor: position, limit: 1 })
  })

  it('lists the views with their lifecycle and lag', async () => {
    const page = await at.open('/views')
    const row = page.getByRole('row', { name: /sales-by-country/ })
    await expectToSee(row.getByText('async'))
    await expectToSee(row.getByText('up to date'))
    await row.getByRole('link', { name: 'sales-by-country' }).click()
    await expectToSee(page.getByRole('cell', { name: 'Norway' }))
  })

  it('sorts by a column, filters, and goes on by pages', async () => {
    const page = await at.open('/views/orders')
    const firstKey = () => page.locator('tbody tr').first().getByRole('link').first().textContent()
    await expectToSee(page.getByRole('row', { name: /^001/ }))

    await page.getByRole('button', { name: 'total' }).click()
    await page.getByRole('button', { name: 'total' }).click()
    await expectToSee(page.getByRole('row', { name: /^060/ }))
    expect(await firstKey()).toBe('060')
    expect(await page.locator('th[aria-sort=descending]').textContent()).toContain('total')

    expect(await page.locator('tbody tr').count()).toBe(50)
    await page.getByRole('button', { name: 'Next page' }).click()
    await expectToSee(page.getByRole('row', { name: /^001/ }))
    expect(await page.locator('tbody tr').count()).toBe(10)
    await page.getByRole('button', { name: 'Back' }).click()
    await expectToSee(page.getByRole('row', { name: /^060/ }))

    await page.getByLabel('Field').selectOption('country')
    await page.getByLabel('Value').fill('Norway')
    await page.getByRole('button', { name: 'Add filter' }).click()
    await expectToSee(page.getByText('Page 1, 20 documents'))
    await page.getByLabel('Field').selectOption('total')
    await page.getByLabel('Comparison').selectOption('gte')
    await page.getByLabel('Value').fill('5000')
    await page.getByLabel('Value').press('Enter')
    await expectToSee(page.getByText('Page 1, 4 documents'))

    await page.reload()
    await expectToSee(page.getByText('Page 1, 4 documents'))
    await page.getByTitle('Remove this filter').first().click()
    await expectToSee(page.getByText('Page 1, 11 documents'))
  })

  it('follows the log', async () => {
    const page = await at.open('/views/sales-by-country')
    await expectToSee(page.getByRole('cell', { name: 'Norway' }))
    const lines = [{ sku: '2', description: 'MUG', quantity: 1, unitPrice: 250 }]
    await at.shop.client.execute('PlaceOrder', { orderId: 'new', country: 'Iceland', lines })
    await expectToSee(page.getByRole('row', { name: /Iceland.*250/ }))
  })

  it('shows a document with links to the streams that its ids name', async () => {
    const page = await at.open('/views/orders/007')
    await page.getByRole('link', { name: '007' }).click()
    await expectToSee(page.getByRole('heading', { name: 'order-007' }))
  })
})
