import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'
import { refused } from './support/shop-visits.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('what differs between branches, in Studio', (at) => {
  beforeAll(async () => {
    const { client } = at.shop
    await client.execute('PlaceOrder', { orderId: '7', country: 'Norway', lines })
    await client.execute('PlaceOrder', { orderId: '8', country: 'France', lines })
    const { events } = await client.log({ types: ['OrderPlaced'] })
    const [first, second] = events
    await client.branches.create('what-if')
    await client.branches.create('untouched')
    const data = { ...(second?.data as object), country: 'Sweden' }
    const edits = [{ omit: first?.id ?? '' }, { replace: { event: second?.id ?? '', data } }]
    await client.branches.amend('what-if', edits, { why: 'the clerk was tired' })
    const { commandId: correlationId } = await client
      .on('what-if')
      .execute('PlaceOrder', { orderId: '9', country: 'Spain', lines })
    await refused(client.on('what-if').execute('ShipOrder', { orderId: '9' }, { correlationId }))
  })

  it('shows documents that were added, removed and changed, field by field', async () => {
    const page = await at.open('/branches/what-if')
    await page.getByRole('link', { name: 'Differences' }).click()
    const norway = page.getByRole('region', { name: 'sales-by-country Norway' })
    await expectToSee(norway.getByText('removed', { exact: true }))
    await expectToSee(page.getByRole('region', { name: 'sales-by-country Spain' }).getByText('added'))
    const order = page.getByRole('region', { name: 'orders 8' })
    await expectToSee(order.getByText('changed'), order.getByRole('row', { name: 'country France Sweden' }))
    await order.getByRole('link', { name: '8' }).click()
    await page.waitForURL('**/views/orders/8')
    await expectToSee(page.getByText('Sweden'))
  })

  it('shows events with why they were amended, states of streams, and why a command was rejected', async () => {
    const page = await at.open('/branches/what-if/differences')
    await page.getByRole('radio', { name: 'Events 3' }).click()
    const corrected = page.getByRole('region', { name: 'OrderPlaced corrected' })
    await expectToSee(corrected.getByText('the clerk was tired'))
    await expectToSee(corrected.getByRole('row', { name: 'country France Sweden' }))
    const ignored = page.getByRole('region', { name: 'OrderPlaced ignored' })
    await expectToSee(ignored.getByRole('row', { name: 'country Norway –' }))
    await page.getByRole('radio', { name: 'Streams 3' }).click()
    const stream = page.getByRole('region', { name: 'order-7' })
    await expectToSee(stream.getByText('1 fact only on what-if'))
    await expectToSee(stream.getByRole('row', { name: 'status placed none' }))
    await page.getByRole('radio', { name: 'Commands 2' }).click()
    const command = page.getByRole('region', { name: /^ShipOrder/ })
    await expectToSee(command.getByText('Only what is paid is shipped'), command.getByText('not-paid'))
  })

  it('compares with another branch, and says what to do where nothing differs', async () => {
    const page = await at.open('/branches/untouched/differences')
    await expectToSee(page.getByText('untouched and main do not differ'))
    await page.getByLabel('Compared with').selectOption('what-if')
    await page.waitForURL('**/differences?against=what-if')
    const norway = page.getByRole('region', { name: 'sales-by-country Norway' })
    await expectToSee(norway.getByText('added', { exact: true }))
    await page.getByRole('radio', { name: /^Events/ }).click()
    await expectToSee(page.getByText('ignored on what-if'))
  })

  it('turns pages where much differs', async () => {
    const { client } = at.shop
    await client.branches.create('busy')
    for (let orderId = 100; orderId < 125; orderId++)
      await client.on('busy').execute('PlaceOrder', { orderId: String(orderId), country: 'Malta', lines })
    const page = await at.open('/branches/busy/differences?part=streams')
    await expectToSee(page.getByText('1–20 of 25 streams'))
    await page.getByRole('button', { name: 'Next page' }).click()
    await expectToSee(page.getByText('21–25 of 25 streams'), page.getByRole('region', { name: 'order-124' }))
    expect(await page.getByRole('region', { name: 'order-100' }).count()).toBe(0)
    await page.reload()
    await expectToSee(page.getByText('21–25 of 25 streams'))
  })
})
