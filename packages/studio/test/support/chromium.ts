import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe } from 'vitest'
import { type RunningShop, startShop } from './shop.ts'

const executablePath = process.env.HEADWATER_CHROMIUM ?? '/usr/bin/chromium'
const isThere = existsSync(executablePath)
const isRequired = process.env.HEADWATER_REQUIRE_SERVICES === '1'

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface Visit {
  readonly shop: RunningShop
  /** A page of Studio, at a path such as `/live`, in a browser context of its own. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>
}

const skipped =
  isThere || isRequired ? '' : ` (skipped: there is no ${executablePath}; see HEADWATER_CHROMIUM)`

/** Tests with the real gateway and a real Chromium; without one they are skipped, and their name says why. */
export function describeInChromium(name: string, tests: (at: Visit) => void): void {
  describe.skipIf(skipped !== '')(`${name}${skipped}`, { timeout: 30_000 }, () => {
    let shop: RunningShop | undefined
    let browser: Browser | undefined
    beforeAll(async () => {
      shop = await startShop()
      browser = await launchChromium()
    }, 60_000)
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
        page.setDefaultTimeout(8_000)
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
