import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('branches in Studio', (at) => {
  beforeAll(async () => {
    await at.shop.client.execute('PlaceOrder', { orderId: '7', country: 'Norway', lines })
  })

  it('says what a branch is for where there is none, begins one at a position, and tells a name that is taken', async () => {
    const { client } = at.shop
    const page = await at.open('/branches')
    await expectToSee(page.getByText('There is no branch yet'))
    await page.keyboard.press('b')
    const dialog = page.getByRole('dialog', { name: 'Begin a branch' })
    await dialog.getByLabel('Name').fill('early')
    await dialog.getByRole('radio', { name: 'At a position' }).click()
    await dialog.getByLabel('Position').fill('1')
    await dialog.getByRole('button', { name: 'Begin it' }).click()
    await page.waitForURL('**/branches/early')
    await expectToSee(page.getByText('main, behind position 1'), page.getByText('Nothing is on it yet'))
    expect(await client.branches.get('early')).toMatchObject({ from: 'main', base: 1 })

    await page.getByRole('link', { name: 'Branches' }).click()
    await expectToSee(page.getByRole('row', { name: /early main, behind position 1 .*nothing yet/ }))
    await page.getByRole('button', { name: 'Begin a branch' }).click()
    await dialog.getByLabel('Name').fill('early')
    await dialog.getByRole('button', { name: 'Begin it' }).click()
    await expectToSee(dialog.getByRole('alert').getByText('branch.taken'))
  })

  it('begins one on another, as of a time', async () => {
    const { client } = at.shop
    await client.branches.create('first')
    const page = await at.open('/branches')
    await page.getByRole('button', { name: 'Begin a branch' }).click()
    const dialog = page.getByRole('dialog', { name: 'Begin a branch' })
    await dialog.getByLabel('Name').fill('before-all')
    await dialog.getByLabel('From').selectOption('first')
    await dialog.getByRole('radio', { name: 'At a time' }).click()
    await dialog.getByLabel('Time').fill('2000-01-01T00:00')
    await dialog.getByRole('button', { name: 'Begin it' }).click()
    await page.waitForURL('**/branches/before-all')
    await expectToSee(page.getByText('before the first event'))
    expect(await client.branches.get('before-all')).toMatchObject({ base: 0 })
  })

  it('shows what is on one, and looks at it from all rooms', async () => {
    const { client } = at.shop
    await client.branches.create('what-if')
    await client.on('what-if').execute('PlaceOrder', { orderId: '8', country: 'Sweden', lines })
    const { events } = await client.log({ types: ['OrderPlaced'] })
    const edit = { omit: events[0]?.id ?? '' }
    await client.branches.amend('what-if', [edit], { why: 'it was entered twice' })

    const page = await at.open('/branches/what-if')
    await expectToSee(page.getByRole('row', { name: /OrderPlaced order-8/ }))
    await expectToSee(page.getByRole('row', { name: /ignored OrderPlaced order-7 .*it was entered twice/ }))
    await page.getByRole('link', { name: 'order-8' }).click()
    await page.waitForURL('**/streams/order-8?revision=1')
    await expectToSee(page.getByRole('button', { name: /OrderPlaced/ }))
    expect(await page.getByRole('combobox', { name: 'Branch' }).inputValue()).toBe('what-if')

    await page.getByRole('link', { name: 'Branches' }).click()
    await page.getByRole('button', { name: 'Back to main' }).click()
    await expectToSee(page.getByRole('button', { name: 'Look at what-if' }))
    expect(await page.getByRole('combobox', { name: 'Branch' }).inputValue()).toBe('main')
  })

  it('drops one only when that is confirmed, and looks at main again', async () => {
    const { client } = at.shop
    await client.branches.create('doomed')
    await client.on('doomed').execute('PlaceOrder', { orderId: '9', country: 'Norway', lines })
    const page = await at.open('/branches/doomed?branch=doomed')
    await page.getByRole('button', { name: 'Drop', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Drop doomed?' })
    await expectToSee(dialog.getByText(/of its own are forgotten/))
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    await dialog.waitFor({ state: 'detached' })
    await client.branches.get('doomed')

    await page.getByRole('button', { name: 'Drop', exact: true }).click()
    await dialog.getByRole('button', { name: 'Drop it' }).click()
    await page.waitForURL('**/branches')
    await expectToSee(page.getByRole('button', { name: 'Begin a branch' }))
    await expect(client.branches.get('doomed')).rejects.toMatchObject({ code: 'branch.unknown' })
    expect(await page.getByRole('link', { name: 'doomed' }).count()).toBe(0)
  })
})
