import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'
import { recorded } from './support/shop-visits.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('replaying a branch in Studio', (at) => {
  beforeAll(async () => {
    const { client } = at.shop
    await client.execute('PlaceOrder', { orderId: '7', country: 'Norway', lines })
    await recorded(client, 'PaymentRequested', '7')
    await client.execute('ReceivePayment', { paymentId: '7' })
    await recorded(client, 'OrderPaid', '7')
    await client.execute('ShipOrder', { orderId: '7' })
    await client.branches.create('unpaid')
    const { events } = await client.log({ types: ['OrderPaid'] })
    await client.branches.amend('unpaid', [{ omit: events[0]?.id ?? '' }], { why: 'the cheque bounced' })
  }, 120_000)

  it('waits as facts until the views show it, and changes nothing', async () => {
    const page = await at.open('/branches/unpaid')
    await page.getByRole('link', { name: 'Replay' }).click()
    await page.getByLabel('As facts').check()
    await page.getByRole('button', { name: 'Replay' }).click()
    const report = page.getByRole('status', { name: 'What the replay did' })
    await expectToSee(report.getByText(/sales-by-country.* show it/))
    expect((await at.shop.client.on('unpaid').state<{ status: string }>('order-7')).state.status).toBe(
      'shipped',
    )
  })

  it('decides again, and tells which commands came out differently and because of what', async () => {
    const page = await at.open('/branches/unpaid/replay')
    await page.getByRole('button', { name: 'Replay' }).click()
    const report = page.getByRole('status', { name: 'What the replay did' })
    await expectToSee(report.getByText('1 came out differently'), report.getByText('1 event omitted'))
    const row = page.getByRole('row', { name: /^ShipOrder order-7 accepted rejected/ })
    await expectToSee(row.getByText('not-paid'), row.getByRole('link', { name: 'order-7' }))
    expect((await at.shop.client.on('unpaid').state<{ status: string }>('order-7')).state.status).toBe(
      'placed',
    )
    await report.getByRole('link', { name: 'What differs now' }).click()
    await page.getByRole('radio', { name: /^Commands/ }).click()
    await expectToSee(
      page.getByRole('region', { name: /^ShipOrder/ }).getByText('Only what is paid is shipped'),
    )
  })

  it('says what to do first where nothing is amended', async () => {
    await at.shop.client.branches.create('untouched')
    const page = await at.open('/branches/untouched/replay')
    await page.getByRole('button', { name: 'Replay' }).click()
    await expectToSee(page.getByText(/every decision stands.*insert an event there first/))
  })

  it('can be stopped, and tells an error by its code', async () => {
    const page = await at.open('/branches/unpaid/replay')
    await page.route('**/branches/unpaid/replay', () => undefined)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByRole('button', { name: 'Stop' }).click()
    await expectToSee(page.getByRole('alert').getByText('It was stopped'))
    await page.unroute('**/branches/unpaid/replay')
    const body = JSON.stringify({ status: 409, code: 'replay.underway', detail: 'It is being replayed' })
    const headers = { 'content-type': 'application/problem+json' }
    await page.route('**/branches/unpaid/replay', (route) => route.fulfill({ status: 409, body, headers }))
    await page.getByRole('button', { name: 'Replay' }).click()
    await expectToSee(page.getByRole('alert').getByText('replay.underway'))
  })
})
