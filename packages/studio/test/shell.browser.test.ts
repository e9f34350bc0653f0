import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'

const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor)

describeInChromium('the shell of Studio', (at) => {
  it('takes the colours of the machine, and those that one chooses, also after a reload', async () => {
    const light = await at.open('/', { colorScheme: 'light' })
    const dark = await at.open('/', { colorScheme: 'dark' })
    await expectToSee(dark.getByRole('navigation'))
    const [bright, night] = [await ground(light), await ground(dark)]
    expect(bright).not.toBe(night)

    await light.getByRole('radio', { name: 'dark' }).click()
    expect(await ground(light)).toBe(night)
    await light.reload()
    await expectToSee(light.getByRole('navigation'))
    expect(await ground(light)).toBe(night)
  })

  it('goes anywhere by the palette', async () => {
    const page = await at.open('/')
    await expectToSee(page.getByRole('navigation'))
    await page.keyboard.press('Control+k')
    await page.keyboard.type('sales-by-cou')
    await expectToSee(page.getByRole('option', { name: /sales-by-country/ }))
    await page.keyboard.press('Enter')
    await page.waitForURL('**/views/sales-by-country')
  })

  it('sends a command by a form made from its schema, showing each fault at its field', async () => {
    const page = await at.open('/send/RegisterCustomer')
    await page.getByLabel('customerId').fill('42')
    await page.getByLabel('city').fill('Bergen')
    await page.getByRole('button', { name: 'Send' }).click()
    await expectToSee(page.getByText('command.invalid'))
    expect(
      await page.locator('.schema-field', { hasText: 'name' }).getByRole('alert').count(),
    ).toBeGreaterThan(0)

    await page.getByLabel('name').fill('Ada')
    await page.getByLabel('street').fill('1 Mill Lane')
    await page.getByLabel('postcode').fill('5003')
    await page.getByLabel('country').fill('Norway')
    await page.getByRole('button', { name: 'Send' }).click()
    await expectToSee(page.getByText('accepted'))
    await page.getByRole('link', { name: 'CustomerRegistered' }).click()
    await expectToSee(page.getByRole('heading', { name: 'CustomerRegistered' }))
  })

  it('looks at a branch and sends to it, once there is one, and goes back to main', async () => {
    const page = await at.open('/')
    await expectToSee(page.getByRole('navigation'))
    await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const post = (path: string, body: object) =>
        fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
      await post('/branches', { name: 'what-if' })
      const address = { street: '1 Mill Lane', postcode: '5003', city: 'Bergen', country: 'Norway' }
      await post('/commands/RegisterCustomer?branch=what-if', {
        customerId: 'branched',
        name: 'Ada',
        address,
      })
    })
    await page.goto(new URL('/studio/streams/customer-branched', page.url()).href)
    const choice = page.getByRole('combobox', { name: 'Branch' })
    await choice.selectOption('what-if')
    await expectToSee(page.getByText('CustomerRegistered').first())
    await choice.selectOption('main')
    await expectToSee(page.getByText('stream.not-found'))
  })

  it('draws the application from its catalog, each part a way to it', async () => {
    const page = await at.open('/')
    const flow = page.locator('.app-flow')
    for (const name of ['PlaceOrder', 'OrderPlaced', 'sales-by-country']) {
      await expectToSee(flow.getByText(name, { exact: true }))
    }
    await flow.getByRole('link', { name: 'OrderPlaced' }).click()
    await page.waitForURL('**/live?types=OrderPlaced')
  })

  it('loads nothing from elsewhere and reports no error on any room', async () => {
    const page = await at.open('/')
    const faults: string[] = []
    const hosts = new Set<string>()
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('request', (request) => hosts.add(new URL(request.url()).host))
    for (const room of [
      'Live',
      'Streams',
      'Commands',
      'Views',
      'Processing',
      'Branches',
      'Queries',
      'Overview',
    ]) {
      await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room }).click()
      await expectToSee(page.getByRole('heading', { level: 1 }))
    }
    expect(faults).toEqual([])
    expect([...hosts]).toEqual([new URL(at.shop.url).host])
  })
})
