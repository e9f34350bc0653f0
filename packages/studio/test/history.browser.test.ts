import { beforeAll, expect, it } from 'vitest'
import { describeInChromium } from './support/chromium.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('history in Studio', (at) => {
  beforeAll(async () => {
    const { client } = at.shop
    const { commandId: correlationId } = await client.execute('PlaceOrder', {
      orderId: '7',
      country: 'Norway',
      lines,
    })
    for await (const event of client.events({ types: ['PaymentRequested'] })) if (event) break
    await client.execute('ShipOrder', { orderId: '7' }, { correlationId }).catch(() => {})
    await client.execute('ReceivePayment', { paymentId: '7' }, { correlationId })
    for await (const event of client.events({ types: ['OrderPaid'] })) if (event) break
  })

  it('tells a stream event by event, with what each changed and the state after it', async () => {
    const page = await at.open('/streams')
    await page.getByRole('button', { name: 'order', exact: true }).click()
    await page.getByRole('link', { name: /^order-7/ }).click()

    await page.getByRole('button', { name: /OrderPaid.*status placed → paid/s }).waitFor()
    const changed = page.locator('.difference-line.changed')
    expect(await changed.locator('del').textContent()).toBe('placed')
    expect(await changed.locator('ins').textContent()).toBe('paid')

    await page.keyboard.press('j')
    await page.waitForURL('**revision=1')
    await page.locator('.difference-line.added').first().waitFor()
    await page.getByRole('tab', { name: 'State after' }).click()
    await page.getByRole('tabpanel').getByText('WHITE METAL LANTERN').waitFor()
  })

  it('adds an event to the timeline when it is recorded', async () => {
    const page = await at.open('/streams/order-7')
    await page.getByRole('button', { name: /OrderPaid/ }).waitFor()
    await at.shop.client.execute('ShipOrder', { orderId: '7' })
    await page.getByRole('button', { name: /OrderShipped.*status paid → shipped/s }).waitFor()
  })

  it('draws what an event came of and what came of it, each a link, rejected commands too', async () => {
    const { events } = await at.shop.client.log({ types: ['PaymentRequested'] })
    const page = await at.open(`/events/${events[0]?.id}`)
    const graph = page.locator('.cause-graph')
    const types = [
      'PlaceOrder',
      'OrderPlaced',
      'RequestPayment',
      'PaymentRequested',
      'ReceivePayment',
      'OrderPaid',
    ]
    for (const type of types) await graph.getByRole('link', { name: type }).first().waitFor()
    expect(await graph.locator('[aria-current]').textContent()).toBe('PaymentRequested')
    await graph.getByText('rejected: not-paid').waitFor()

    await graph.getByRole('link', { name: 'OrderPlaced' }).click()
    await page.getByRole('heading', { name: 'OrderPlaced' }).waitFor()
    await page.getByText('What it changed').waitFor()

    await graph.getByRole('link', { name: /rejected: not-paid/ }).click()
    await page.getByText('Only what is paid is shipped').waitFor()
    await page.locator('.section', { hasText: 'Payload' }).getByText('orderId').waitFor()
  })

  it('lists the commands with what was decided', async () => {
    const page = await at.open('/commands')
    await page.getByRole('link', { name: 'PlaceOrder' }).waitFor()
    await page.getByRole('radio', { name: 'rejected' }).click()
    expect(await page.locator('.command-type').allTextContents()).toEqual(['ShipOrder'])
    await page.getByRole('link', { name: 'ShipOrder' }).click()
    await page.getByText('Only what is paid is shipped').waitFor()
  })

  it('says so when there is no such event', async () => {
    const page = await at.open('/events/nothing.1')
    await page.getByRole('alert').getByText('event.not-found').waitFor()
  })
})
