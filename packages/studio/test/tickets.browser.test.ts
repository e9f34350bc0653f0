import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Headwater, memoryStore, openStore } from '@headwater/core'
import { createGateway } from '@headwater/gateway'
import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import tickets from '../../../examples/tickets/app.ts'
import { BuySeats, ReturnSeat } from '../../../examples/tickets/hall.ts'
import { executablePath, launchChromium } from './support/launch.ts'

const isThere = existsSync(executablePath) || process.env.HEADWATER_REQUIRE_SERVICES === '1'
const skipped = isThere ? '' : ` (skipped: there is no ${executablePath}; see HEADWATER_CHROMIUM)`
const pages = fileURLToPath(new URL('../../../examples/tickets/public', import.meta.url))
const section = 'stalls'

interface Visit {
  readonly page: Page
  readonly headwater: Headwater
  buy(buyer: string, ...seats: string[]): Promise<unknown>
  seat(name: string, isSold: boolean): Locator
}

describe.skipIf(!isThere)(`the page of the example tickets${skipped}`, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  /** The page over a hall of which seat A1 is sold, live. */
  async function visit(look: (at: Visit) => Promise<void>): Promise<void> {
    const headwater = await openStore(tickets, memoryStore())
    const gateway = createGateway(headwater, { pages })
    const { url } = await gateway.listen()
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const buy = (buyer: string, ...seats: string[]) => headwater.execute(BuySeats({ section, seats, buyer }))
    const seat = (name: string, isSold: boolean) =>
      page.getByRole('button', { name, exact: true, pressed: isSold })
    try {
      await buy('early', 'A1')
      await page.goto(`${url}/app/`)
      await page.getByText('live', { exact: true }).waitFor()
      await look({ page, headwater, buy, seat })
    } finally {
      await page.close()
      await gateway.close()
      await headwater.close()
    }
  }

  it('shows what is sold, and each seat the moment it flips', async () => {
    await visit(async ({ page, headwater, buy, seat }) => {
      await seat('A1', true).waitFor()
      await seat('C7', false).waitFor()
      await buy('ada', 'C7', 'C8')
      await seat('C7', true).waitFor()
      await page.getByText('ada bought C7, C8').waitFor()
      expect(await page.locator('#free').textContent()).toBe('93')
      await headwater.execute(ReturnSeat({ section, seat: 'C7', buyer: 'ada' }))
      await seat('C7', false).waitFor()
    })
  })

  it('buys a seat with a click, and says so where somebody else was first', async () => {
    await visit(async ({ page, headwater, buy, seat }) => {
      await seat('B2', false).click()
      await seat('B2', true).and(page.locator('.mine')).waitFor()
      await buy('ada', 'B3')
      await seat('B3', true).click()
      await page.getByText('B3 was sold a moment before').waitFor()
      expect((await headwater.view('seats').get(section))?.doc).toEqual({ sold: ['A1', 'B2', 'B3'] })
    })
  })
})
