import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'
import { recorded, refused } from './support/shop-visits.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('history in Studio', (at) => {
  beforeAll(async () => {
    const { client } = at.shop
    const { commandId: correlationId } = await client.execute('PlaceOrder', {
      orderId: '7',
      country: 'Norway',
      lines,
    })
    await recorded(client, 'PaymentRequested', '7')
    await refused(client.execute('ShipOrder', { orderId: '7' }, { correlationId }))
    await client.execute('ReceivePayment', { paymentId: '7' }, { correlationId })
    await recorded(client, 'OrderPaid', '7')
  })

  it('tells a stream event by event, with what each changed and the state after it', async () => {
    const page = await at.open('/streams')
    await page.getByRole('button', { name: 'order', exact: true }).click()
    await page.getByRole('link', { name: /^order-7/ }).click()

    await expectToSee(page.getByRole('button', { name: /OrderPaid.*status placed → paid/s }))
    const changed = page.locator('.difference-line.changed')
    expect(await changed.locator('del').textContent()).toBe('placed')
    expect(await changed.locator('ins').textContent()).toBe('paid')

    await page.keyboard.press('j')
    await page.waitForURL('**revision=1')
    await expectToSee(page.locator('.difference-line.added'))
    await page.getByRole('tab', { name: 'State after' }).click()
    await expectToSee(page.getByRole('tabpanel').getByText('WHITE METAL LANTERN'))
  })

  it('adds an event to the timeline when it is recorded', async () => {
    const page = await at.open('/streams/order-7')
    await expectToSee(page.getByRole('button', { name: /OrderPaid/ }))
    await at.shop.client.execute('ShipOrder', { orderId: '7' })
    await expectToSee(page.getByRole('button', { name: /OrderShipped.*status paid → shipped/s }))
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
    for (const type of types) await expectToSee(graph.getByRole('link', { name: type }))
    expect(await graph.locator('[aria-current]').textContent()).toBe('PaymentRequested')
    await expectToSee(graph.getByText('rejected: not-paid'))

    await graph.getByRole('link', { name: 'OrderPlaced' }).click()
    await expectToSee(page.getByRole('heading', { name: 'OrderPlaced' }))
    await expectToSee(page.getByText('What it changed'))

    await graph.getByRole('link', { name: /rejected: not-paid/ }).click()
    await expectToSee(page.getByText('Only what is paid is shipped'))
    await expectToSee(page.locator('.section', { hasText: 'Payload' }).getByText('orderId'))
  })

  it('corrects, ignores and restores an event, and shows who says so and why', async () => {
    const { client } = at.shop
    const { events } = await client.execute('PlaceOrder', { orderId: '8', country: 'Norway', lines })
    const id = events[0]?.id ?? ''
    const page = await at.open(`/streams/order-8`)
    const say = async (button: string, why: string, action: string) => {
      await page.getByRole('button', { name: button, exact: true }).click()
      await page.getByPlaceholder('Recorded with what you do').fill(why)
      await page.getByRole('button', { name: action }).click()
    }
    await say('Ignore', 'entered twice', 'Ignore it')
    await expectToSee(page.locator('.timeline-step.omit'))
    await expectToSee(page.locator('.amended-note.omit', { hasText: 'entered twice' }))
    expect((await client.state<{ status: string }>('order-8')).state.status).not.toBe('placed')

    await say('Restore', 'it was not', 'Restore it')
    await expectToSee(page.locator('.timeline-step:not(.omit)', { hasText: 'OrderPlaced' }))
    await page.getByRole('button', { name: 'Correct', exact: true }).click()
    const data = page.getByLabel('Data')
    await data.fill((await data.inputValue()).replace('Norway', 'Sweden'))
    await page.getByPlaceholder('Recorded with what you do').fill('a typing error')
    await page.getByRole('button', { name: 'Correct it' }).click()
    await expectToSee(page.locator('.amended-note', { hasText: 'a typing error' }))
    const event = await at.open(`/events/${encodeURIComponent(id)}`)
    await expectToSee(event.locator('.amended-note', { hasText: 'a typing error' }))
  })

  it('lists the commands with what was decided', async () => {
    const page = await at.open('/commands')
    await expectToSee(page.getByRole('link', { name: 'PlaceOrder' }))
    await page.getByRole('radio', { name: 'rejected' }).click()
    expect(await page.locator('.command-type').allTextContents()).toEqual(['ShipOrder'])
    await page.getByRole('link', { name: 'ShipOrder' }).click()
    await expectToSee(page.getByText('Only what is paid is shipped'))
  })

  it('says so when there is no such event', async () => {
    const page = await at.open('/events/nothing.1')
    await expectToSee(page.getByRole('alert').getByText('event.not-found'))
  })
})
