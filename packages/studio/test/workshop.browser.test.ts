import { beforeAll, expect, it } from 'vitest'
import { describeInChromium, expectToSee } from './support/chromium.ts'
import workshop, { AskRepair, BeginRepair, FinishRepair } from './support/workshop.ts'

const jobs = [
  ['kettle', 'Ada Lovelace', 'A kettle that whistles out of tune'],
  ['clock', 'Grace Hopper', 'A clock that runs backwards'],
  ['radio', 'Alan Turing', 'A radio with a broken valve'],
] as const

describeInChromium(
  'an app with a machine, queries and a view that is searched, in Studio',
  (at) => {
    beforeAll(async () => {
      const { headwater, client } = at.shop
      for (const [repairId, customer, what] of jobs)
        await headwater.execute(AskRepair({ repairId, customer, what, phone: '0151 1234' }))
      for (const repairId of ['clock', 'kettle'])
        await headwater.execute(BeginRepair({ repairId, by: 'Ada' }))
      await headwater.execute(FinishRepair({ repairId: 'kettle', phone: '0049 1', price: 12_000 }))
      await client.query('FindRepair', { repairId: 'radio' }, { waitFor: 'head' })
    })

    it('draws the machine with the state lit that the stream is in, step by step', async () => {
      const page = await at.open('/streams/repair-clock')
      await page.getByRole('tab', { name: 'State machine' }).click()
      const drawing = page.getByRole('img', { name: 'The states of repair; it is in onTheBench' })
      await expectToSee(drawing)
      expect(
        await drawing.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
      ).toBeGreaterThan(100)
      await expectToSee(page.getByRole('link', { name: 'FinishRepair' }))
      await page.keyboard.press('j')
      await expectToSee(page.getByRole('img', { name: 'it is in waiting' }))
      await expectToSee(page.getByText('It stands in the shelf.'))
    })

    it('shows what was called outside, and what a command was decided with', async () => {
      const page = await at.open('/externals')
      await expectToSee(page.getByRole('row', { name: /warranty live 2 1/ }))
      await page.getByRole('link', { name: 'warranty' }).click()
      await page.waitForURL('**/externals/warranty')
      await expectToSee(page.getByText('the maker is gone'), page.getByRole('row', { name: /isPaid true/ }))
      await page.getByRole('radio', { name: 'failed' }).click()
      await expectToSee(page.getByText('1 call read so far'))
      await page.getByRole('button', { name: '#3' }).click()
      const pane = page.getByRole('complementary', { name: 'Call 3' })
      await expectToSee(pane.getByText('external.failed'), pane.getByText('after 1 attempt'))
      await pane.getByRole('link', { name: 'AskRepair' }).click()
      await page.getByRole('link', { name: 'warranty #3' }).click()
      await page.waitForURL('**/externals/warranty?call=3')
      await expectToSee(page.getByRole('complementary', { name: 'Call 3' }))
    })

    it('searches a view where it can be searched', async () => {
      const page = await at.open('/views/repairs')
      await expectToSee(page.getByRole('row', { name: /kettle/ }), page.getByLabel('Search'))
      await page.keyboard.press('/')
      await page.keyboard.type('grace back')
      await expectToSee(page.getByText('Page 1, 1 document'))
      await expectToSee(page.getByRole('row', { name: /clock/ }))
      await page.reload()
      await expectToSee(page.getByText('Page 1, 1 document'))
      await page.getByLabel('Search').fill('submarine')
      await expectToSee(page.getByText('No document has these words'))
    })

    it('asks a query by a form made from its schema, and shows the answer or why there is none', async () => {
      const page = await at.open('/')
      await expectToSee(page.getByRole('navigation', { name: 'Rooms' }))
      await page.keyboard.press('Control+k')
      await page.keyboard.type('FindRepair')
      await expectToSee(page.getByRole('option', { name: 'Ask FindRepair', selected: true }))
      await page.keyboard.press('Enter')
      await page.waitForURL('**/queries/FindRepair')

      await page.getByRole('button', { name: 'Ask' }).click()
      await expectToSee(page.locator('.schema-field').getByRole('alert'))
      await page.getByLabel('repairId').fill('clock')
      await page.getByLabel('repairId').press('Enter')
      await expectToSee(page.getByRole('region', { name: 'The answer' }).getByText('Grace Hopper'))
      await page.getByLabel('repairId').fill('piano')
      await page.getByRole('button', { name: 'Ask' }).click()
      await expectToSee(page.getByText('no answer', { exact: true }))
    })

    it('tells how processors do, and counts what is parked, one click away from the overview', async () => {
      const page = await at.open('/')
      const tile = page.getByRole('link', { name: /^Parked/ })
      await expectToSee(tile.getByText('1', { exact: true }))
      await tile.click()
      const row = page.getByRole('row', { name: /call-customers/ })
      await expectToSee(row.getByText('running'), row.getByText('up to date'))
      await expectToSee(row.getByTitle('Events that could not be processed, and those behind them'))
    })

    it('pauses a processor for a reason that others see, and has it go on', async () => {
      const page = await at.open('/processing')
      const row = page.getByRole('row', { name: /call-customers/ })
      await row.getByRole('button', { name: 'Pause call-customers' }).click()
      const question = page.getByRole('dialog', { name: 'Pause call-customers?' })
      await question.getByLabel('Reason').fill('The line is dead')
      await question.getByRole('button', { name: 'Pause' }).click()
      await expectToSee(row.getByText('paused', { exact: true }), row.getByText(/The line is dead/))
      const paused = async () => (await at.shop.client.processor('call-customers').summary()).paused
      expect(await paused()).toMatchObject({ why: 'The line is dead' })
      await row.getByRole('button', { name: 'Resume call-customers' }).click()
      await expectToSee(row.getByText('running', { exact: true }))
      expect(await paused()).toBeNull()
    })

    it('shows a parked event with its error, edits it, and retries it: the store has it handled', async () => {
      const page = await at.open('/processing')
      await page.getByRole('link', { name: 'call-customers' }).click()
      await expectToSee(page.getByText(/0049 1 is no number that can be dialled/))
      await expectToSee(page.getByText('Nothing waits behind it.'))

      await page.getByRole('button', { name: 'Edit data' }).click()
      const edit = page.getByRole('dialog', { name: 'Edit the data of RepairFinished' })
      await edit.getByLabel('Data').fill('{ "phone": 1, "price": 12000 }')
      await edit.getByLabel('Reason').fill('A zero too much')
      await edit.getByRole('button', { name: 'Save' }).click()
      await expectToSee(edit.locator('.schema-fault', { hasText: '/data/phone' }))
      await edit.getByLabel('Data').fill('{ "phone": "0151 77", "price": 12000 }')
      await edit.getByRole('button', { name: 'Save' }).click()
      await expectToSee(page.getByText(/^Edited .*: A zero too much/), page.getByText('As it was recorded'))

      await page.getByRole('button', { name: 'Retry', exact: true }).click()
      await expectToSee(page.getByText(/^Nothing is\./))
      const [result] = await at.shop.client.processor('call-customers').results()
      expect(result).toMatchObject({ status: 'handled', result: { called: '0151 77' } })
      await expectToSee(page.getByRole('cell', { name: /"called":"0151 77"/ }))

      const [event] = (await at.shop.client.log({ types: ['RepairFinished'] })).events
      await page.goto(`${at.shop.url}/studio/events/${event?.id}`)
      const row = page.getByRole('row', { name: /call-customers/ })
      await expectToSee(row.getByText('handled'), row.getByText(/A zero too much|"called"/))
    })

    it('drops a parked event only for a reason, and those behind it go on', async () => {
      const { headwater, client } = at.shop
      await headwater.execute(FinishRepair({ repairId: 'clock', phone: '0049 2', price: 1 }))
      const page = await at.open('/processing/call-customers')
      await page.getByRole('button', { name: 'Drop' }).click()
      const question = page.getByRole('dialog', { name: /Drop position \d+ of repair-clock/ })
      const drop = question.getByRole('button', { name: 'Drop it' })
      expect(await drop.isDisabled()).toBe(true)
      await question.getByLabel('Reason').fill('She came by herself')
      await drop.click()
      await expectToSee(page.getByText(/^Nothing is\./))
      const results = await client.processor('call-customers').results()
      expect(results).toContainEqual(
        expect.objectContaining({ status: 'dropped', why: 'She came by herself' }),
      )
    })

    it('rebuilds a view, switches back to the version before, and drops what is kept', async () => {
      const page = await at.open('/views')
      const row = page.getByRole('row', { name: /repairs/ })
      await expectToSee(row.getByText('current'))
      await row.getByRole('button', { name: 'Rebuild repairs' }).click()
      await expectToSee(row.getByRole('link', { name: '2', exact: true }))
      const states = async () => (await at.shop.client.versions('repairs').list()).map(({ state }) => state)
      await expect.poll(states).toEqual(['retired', 'current'])

      await row.getByRole('link', { name: '2', exact: true }).click()
      await page.getByRole('button', { name: 'Switch back to version 1' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Switch' }).click()
      await expect.poll(states).toEqual(['current', 'retired'])

      await page.getByRole('button', { name: 'Drop version 2' }).click()
      const question = page.getByRole('dialog', { name: 'Drop version 2 of repairs?' })
      await question.getByRole('button', { name: 'Leave it' }).click()
      await page.getByRole('button', { name: 'Drop version 2' }).click()
      await question.getByRole('button', { name: 'Drop it' }).click()
      await expect.poll(states).not.toContain('retired')
    })

    it('shows a rebuild that waits to be switched to, and gives it up or switches', async () => {
      const versions = at.shop.client.versions('repairs')
      const { version } = await versions.rebuild({ switch: 'asked' })
      const page = await at.open('/views')
      await expectToSee(page.getByRole('progressbar', { name: 'Rebuild of repairs' }))
      await expectToSee(page.getByText('caught up'))
      await page.getByRole('button', { name: 'Cancel the rebuild of repairs' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Give it up' }).click()
      await expectToSee(page.getByRole('button', { name: 'Rebuild repairs' }))
      expect((await versions.progress()).state).toBe('failed')

      await versions.rebuild({ switch: 'asked' })
      await page.getByRole('button', { name: 'Switch', exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Switch' }).click()
      await expect
        .poll(async () => (await versions.list()).find(({ state }) => state === 'current')?.version)
        .toBe(version + 1)
    })
  },
  workshop,
)
