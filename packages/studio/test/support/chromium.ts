import { existsSync } from 'node:fs'
import type { App } from '@headwater/core'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { executablePath, launchChromium } from './launch.ts'
import { type RunningShop, startShop } from './shop.ts'

const isThere = existsSync(executablePath)
const isRequired = process.env.HEADWATER_REQUIRE_SERVICES === '1'

export interface Visit {
  readonly shop: RunningShop
  /** A page of Studio, at a path such as `/live`, in a browser context of its own. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
}

const skipped =
  isThere || isRequired ? '' : ` (skipped: there is no ${executablePath}; see HEADWATER_CHROMIUM)`

/** Tests with the real gateway and a real Chromium; without one they are skipped, and their name says why. */
export function describeInChromium(name: string, tests: (at: Visit) => void, app?: App): void {
  describe.skipIf(skipped !== '')(`${name}${skipped}`, () => {
    let shop: RunningShop | undefined
    let browser: Browser | undefined
    beforeAll(async () => {
      shop = await startShop(app && { app })
      browser = await launchChromium()
    })
    afterAll(async () => {
      await browser?.close()
      await shop?.stop()
    })
    tests({
      get shop() {
        if (!shop) throw new Error('the shop has not been started')
        return shop
      },
      async open(path, options = {}) {
        if (!browser || !shop) throw new Error('the browser has not been started')
        const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
        const page = await context.newPage()
        page.setDefaultTimeout(60_000)
        await page.goto(`${shop.url}/studio${path}`)
        return page
      },
    })
  })
}

/** Waits until it can be seen. */
export async function expectToSee(...locators: readonly Locator[]): Promise<void> {
  for (const locator of locators) await locator.first().waitFor()
}
