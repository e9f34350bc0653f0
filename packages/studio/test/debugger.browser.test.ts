import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'
import { recorded } from './support/shop-visits.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('the debugger in Studio', (at) => {
  beforeAll(async () => {
    const { client } = at.shop
    await client.execute('PlaceOrder', { orderId: '7', country: 'Norway', lines })
    await recorded(client, 'PaymentRequested', '7')
    await client.execute('ReceivePayment', { paymentId: '7' })
    await recorded(client, 'OrderPaid', '7')
  })

  it('steps through a stream and back, and shows all that each event changed, and what is held back', async () => {
    const page = await at.open('/debugger?stream=order-7')
    await expectToSee(page.getByText('It stands before the first event'))
    await page.getByRole('button', { name: 'Step' }).click()
    await expectToSee(page.getByText('OrderPlaced').first())
    await expectToSee(page.getByRole('link', { name: 'order-7' }))
    await expectToSee(page.getByRole('heading', { name: 'Held back' }))
    await page.keyboard.press('ArrowRight')
    const paid = page.locator('ins', { hasText: 'paid' })
    const changed = page.locator('.difference-line.changed', { has: paid }).first()
    await expectToSee(changed)
    expect(await changed.locator('del').textContent()).toBe('placed')
    await page.keyboard.press('ArrowLeft')
    await expectToSee(page.getByText('OrderPlaced').first())
  })

  it('runs until a condition on a state holds', async () => {
    const page = await at.open('/debugger')
    await page.getByLabel('Run to a type, or until a condition holds').fill('status = paid')
    await page.getByRole('button', { name: 'Run on' }).click()
    await expectToSee(page.getByText('OrderPaid').first())
    await page.getByLabel('Run to a type, or until a condition holds').fill('OrderPlaced')
    await page.getByRole('button', { name: 'Run back' }).click()
    await expectToSee(page.getByText('OrderPlaced').first())
  })

  it('goes through the branch that is chosen', async () => {
    const { client } = at.shop
    const { events } = await client.log({ types: ['OrderPaid'] })
    await client.branches.create('what-if')
    await client.branches.amend('what-if', [{ omit: events[0]?.id ?? '' }], { why: 'it was not paid' })
    const page = await at.open('/debugger?stream=order-7')
    await expectToSee(page.getByText('Through order-7 of the log'))
    await page.getByLabel('The branch that is gone through').selectOption('what-if')
    await expectToSee(page.getByText('Through order-7 of the branch what-if'))
    await page.getByLabel('Run to a type, or until a condition holds').fill('$amended')
    await page.getByRole('button', { name: 'Run on' }).click()
    const changed = page.locator('.difference-line.changed', { hasText: 'paid' }).first()
    await expectToSee(changed)
    expect([await changed.locator('del').textContent(), await changed.locator('ins').textContent()]).toEqual([
      'paid',
      'placed',
    ])
  })
})
