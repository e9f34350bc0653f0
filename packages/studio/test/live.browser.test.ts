import { expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'
import { createVisits } from './support/shop-visits.ts'

describeInChromium('the live room', (at) => {
  it('shows an event the moment it is recorded, the newest on top, and its details when chosen', async () => {
    const visit = createVisits(at.shop.client, 1)
    await visit()
    const page = await at.open('/live')
    await expectToSee(page.getByRole('row'))
    const before = await page.getByRole('row').count()

    await at.shop.client.execute('RegisterCustomer', {
      customerId: 'c-1',
      name: 'Ada',
      address: { street: '1 Mill Lane', city: 'Leeds', postcode: 'LS1', country: 'United Kingdom' },
    })
    const newest = page.getByRole('row').first()
    await expectToSee(newest.getByText('CustomerRegistered'))
    expect(await page.getByRole('row').count()).toBe(before + 1)

    await newest.getByText('CustomerRegistered').click()
    const panel = page.getByRole('complementary', { name: /^Event / })
    await expectToSee(panel.getByText('1 Mill Lane'))
    await panel.getByRole('link', { name: 'State after it' }).click()
    await page.waitForURL('**/streams/customer-c-1**')
  })

  it('filters by type, by stream and by text, and keeps the filter in the address', async () => {
    await createVisits(at.shop.client, 2)().catch(ignorePlaced)
    const page = await at.open('/live')
    await expectToSee(page.getByRole('row'))

    await page.getByRole('button', { name: 'All types' }).click()
    await page.getByRole('checkbox', { name: /^OrderPlaced/ }).check()
    await page.keyboard.press('Escape')
    await page.waitForURL('**types=OrderPlaced')
    expect(new Set(await page.locator('.live-type').allTextContents())).toEqual(new Set(['OrderPlaced']))

    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByLabel("Start of the stream's name").fill('payment-')
    await page.waitForURL('**stream=payment-')
    const streams = await page.locator('.live-row .reference').allTextContents()
    expect(streams.length).toBeGreaterThan(0)
    expect(streams.every((stream) => stream.startsWith('payment-'))).toBe(true)

    await page.getByLabel('Text in the events').fill('nothing has this in it')
    await expectToSee(page.getByText('No event passes the filter'))
    await page.reload()
    await expectToSee(page.getByText('No event passes the filter'))
  })

  it('holds what arrives while paused, says how much, and shows it on resuming', async () => {
    const page = await at.open('/live')
    await expectToSee(page.getByRole('row'))
    await page.keyboard.press('Space')
    await expectToSee(page.getByRole('button', { name: /0 held/ }))
    const position = async () => page.locator('.live-row').first().locator('.right').textContent()
    const shown = await position()

    for (const name of ['Bo', 'Cy', 'Di']) {
      const address = { street: '2 Weir', city: 'Cork', postcode: 'T12', country: 'EIRE' }
      await at.shop.client.execute('RegisterCustomer', { customerId: name, name, address })
    }
    await expectToSee(page.getByRole('button', { name: 'Resume · 3 held' }))
    expect(await position()).toBe(shown)

    await page.getByRole('button', { name: /Resume/ }).click()
    await expectToSee(page.getByRole('row').first().getByText('customer-Di'))
  })

  it('holds the list still while one reads further down, and leads back to the top', async () => {
    const visit = createVisits(at.shop.client, 3)
    for (let count = 0; count < 25; count++) await visit().catch(ignorePlaced)
    const page = await at.open('/live')
    await expectToSee(page.getByRole('row'))
    await page.getByRole('grid').evaluate((list) => list.scrollTo({ top: 600 }))

    const address = { street: '3 Ford', city: 'Lyon', postcode: '69001', country: 'France' }
    await at.shop.client.execute('RegisterCustomer', { customerId: 'Eve', name: 'Eve', address })
    await page.getByRole('button', { name: '1 new event' }).click()
    await expectToSee(page.getByRole('row').first().getByText('customer-Eve'))
  })

  it('says that the gateway is away, and goes on by itself when it is back', async () => {
    const page = await at.open('/live')
    await expectToSee(page.getByRole('row'))
    const bringBack = await at.shop.takeAway()
    await expectToSee(page.getByRole('status').getByText('Reconnecting'))
    await page.getByRole('link', { name: 'Views' }).click()
    await expectToSee(page.getByText('The gateway does not answer'))
    await bringBack()
    await expectToSee(page.getByRole('status').getByText('Live'))
    await expectToSee(page.getByRole('link', { name: 'sales-by-country' }))
    const address = { street: '4 Source', city: 'Oban', postcode: 'PA34', country: 'United Kingdom' }
    await at.shop.client.execute('RegisterCustomer', { customerId: 'Flo', name: 'Flo', address })
    await page.getByRole('link', { name: 'Live' }).click()
    await expectToSee(page.getByRole('row').first().getByText('customer-Flo'))
  })

  it('draws only the rows in sight', async () => {
    const page = await at.open('/live')
    await expectToSee(page.getByText(/\d+ of \d+ events shown/))
    expect(await page.getByRole('row').count()).toBeLessThan(60)
  })
})

/** Visits of several tests come to the same order numbers; that one was there already is all the same here. */
function ignorePlaced(error: unknown): void {
  if (!(error instanceof Error && 'rejected' in error && error.rejected === true)) throw error
}
