import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('amending an event from its page in Studio', (at) => {
  let id = ''
  const statusOn = async (branch: string) =>
    (await at.shop.client.on(branch).state<{ status: string }>('order-7')).state.status

  beforeAll(async () => {
    const { client } = at.shop
    const { events } = await client.execute('PlaceOrder', { orderId: '7', country: 'Norway', lines })
    id = events[0]?.id ?? ''
    await client.branches.create('what-if')
    await client.branches.create('paid')
  })

  it('ignores it on a branch, and shows it as it is there', async () => {
    const page = await at.open(`/events/${encodeURIComponent(id)}`)
    await page.getByRole('button', { name: 'Ignore', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await expectToSee(dialog.getByText('Everybody sees it at once'))
    await dialog.getByLabel('On', { exact: true }).selectOption('what-if')
    await dialog.getByLabel('Reason').fill('it was a test')
    await dialog.getByRole('button', { name: 'Ignore it' }).click()
    await expectToSee(page.locator('.amended-note.omit', { hasText: 'it was a test' }))
    expect(await page.getByRole('combobox', { name: 'Branch' }).inputValue()).toBe('what-if')
    expect([await statusOn('main'), await statusOn('what-if')]).toEqual(['placed', 'none'])
  })

  it('inserts another one behind it by a form, and tells at the field what is wrong', async () => {
    const page = await at.open(`/events/${encodeURIComponent(id)}?branch=paid`)
    await page.getByRole('button', { name: 'Insert behind it' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Type').selectOption('OrderPaid')
    expect(await dialog.getByLabel('orderId').inputValue()).toBe('7')
    await dialog.getByLabel('Reason').fill('the money came in cash')
    await dialog.getByRole('button', { name: 'Insert it' }).click()
    await expectToSee(dialog.locator('.schema-field', { hasText: 'total' }).getByRole('alert'))
    expect(await statusOn('paid')).toBe('placed')
    await dialog.getByLabel('total').fill('2034')
    await dialog.getByRole('button', { name: 'Insert it' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect([await statusOn('main'), await statusOn('paid')]).toEqual(['placed', 'paid'])
    await page.getByRole('button', { name: 'State after it' }).click()
    const inserted = page.locator('.timeline-step.insert', { hasText: 'OrderPaid' })
    await expectToSee(inserted.getByText('the money came in cash'))
  })
})
