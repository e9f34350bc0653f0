import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'

const lines = [{ sku: '71053', description: 'WHITE METAL LANTERN', quantity: 6, unitPrice: 339 }]

describeInChromium('merging branches in Studio', (at) => {
  const place = (branch: string, orderId: string, country: string) =>
    at.shop.client.on(branch).execute('PlaceOrder', { orderId, country, lines })
  const countryOf = async (orderId: string) => {
    const { state } = await at.shop.client.state<{ placed?: { country: string } }>(`order-${orderId}`)
    return state.placed?.country
  }
  const merge = async (page: Page, why: string) => {
    await page.getByRole('button', { name: /^Merge into/ }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Merge it' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill(why)
    await dialog.getByRole('button', { name: 'Merge it' }).click()
    return dialog
  }

  beforeAll(async () => {
    await place('main', '1', 'Norway')
  })

  it('plans first, shows a conflict with both sides, and merges when it is resolved', async () => {
    const { client } = at.shop
    const { events } = await client.log({ types: ['OrderPlaced'] })
    const [first] = events
    await client.branches.create('what-if')
    const replace = { event: first?.id ?? '', data: { ...(first?.data as object), country: 'Sweden' } }
    await client.branches.amend('what-if', [{ replace }], { why: 'a typing error' })
    await place('what-if', '2', 'Spain')
    const other = { ...(first?.data as object), country: 'Denmark' }
    await client.correct(first?.id ?? '', { data: other }, { why: 'another clerk' })

    const page = await at.open('/branches/what-if/merge')
    const conflict = page.getByRole('region', { name: 'Conflict in order-1' })
    await expectToSee(conflict.getByText('was amended on both sides'))
    await expectToSee(conflict.getByText('another clerk'), conflict.getByText('a typing error'))
    await expectToSee(page.getByRole('row', { name: 'PlaceOrder' }), page.getByText('1 conflict to resolve'))
    expect(await page.getByRole('button', { name: 'Merge into main' }).isDisabled()).toBe(true)
    await conflict.getByLabel('Take what-if').check()
    await expectToSee(page.getByRole('row', { name: '1 amendment' }), conflict.getByText('resolved'))

    await merge(page, 'the clerk is sure')
    await expectToSee(page.getByRole('status', { name: 'What the merge did' }).getByText('2 steps'))
    expect([await countryOf('1'), await countryOf('2')]).toEqual(['Sweden', 'Spain'])
    await page.reload()
    await expectToSee(page.getByText('main has all of what-if'), page.getByText('2 steps merged before'))
  })

  it('leaves out what the other side is to keep, and has decided again what is to be', async () => {
    const { client } = at.shop
    await client.branches.create('rivals')
    for (const orderId of ['11', '12']) {
      await place('rivals', orderId, 'Malta')
      await place('main', orderId, 'Italy')
    }
    const page = await at.open('/branches/rivals/merge')
    await page.getByRole('region', { name: 'Conflict in order-11' }).getByLabel('Keep main').check()
    await page.getByRole('region', { name: 'Conflict in order-12' }).getByLabel('Decide again').check()
    await expectToSee(page.getByRole('heading', { name: 'Is left out for good' }))
    await expectToSee(page.getByRole('heading', { name: 'Is decided again' }))
    await merge(page, 'first come, first served')
    const result = page.getByRole('status', { name: 'What the merge did' })
    await expectToSee(result.getByText('1 step left out'))
    await expectToSee(result.getByText('rejected'), result.getByText('already-placed'))
    expect([await countryOf('11'), await countryOf('12')]).toEqual(['Italy', 'Italy'])
  })

  it('takes only some of it', async () => {
    await at.shop.client.branches.create('picky')
    await place('picky', '21', 'Malta')
    await place('picky', '22', 'Cyprus')
    const page = await at.open('/branches/picky/merge')
    const step = page.getByRole('row', { name: 'PlaceOrder' }).filter({ hasText: 'order-22' })
    await step.getByRole('button', { name: 'Not this time' }).click()
    await expectToSee(step.getByRole('button', { name: 'Take it' }))
    await merge(page, 'only the first')
    await expectToSee(page.getByRole('status', { name: 'What the merge did' }).getByText('1 step'))
    expect(await countryOf('21')).toBe('Malta')
    await expect(countryOf('22')).rejects.toMatchObject({ status: 404 })
  })

  it('tells by its code why nothing was merged, and shows what has moved meanwhile', async () => {
    await at.shop.client.branches.create('late')
    await place('late', '31', 'Malta')
    const page = await at.open('/branches/late/merge')
    await expectToSee(page.getByRole('row', { name: 'PlaceOrder' }))
    await place('main', '31', 'Italy')
    const dialog = await merge(page, 'too late')
    await expectToSee(dialog.getByRole('alert').getByText('merge.conflict'))
    await dialog.getByRole('button', { name: 'Leave it' }).click()
    await expectToSee(page.getByRole('region', { name: 'Conflict in order-31' }))
    expect(await countryOf('31')).toBe('Italy')
  })
})
