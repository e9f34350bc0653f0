// Takes the pictures of the README: npm run pictures -w @headwater/studio -- http://127.0.0.1:4000
// The shop should have been running for a minute (npm start), so that there is something to see.
import { join } from 'node:path'
import { launchChromium } from './launch.ts'

const [url = 'http://127.0.0.1:4000'] = process.argv.slice(2)
const images = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'images')
const browser = await launchChromium()

for (const [colorScheme, file] of [
  ['light', 'studio.png'],
  ['dark', 'studio-dark.png'],
] as const) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme })
  await page.goto(`${url}/studio/live`)
  await page.waitForTimeout(3_000)
  await page.locator('.live-row', { hasText: 'OrderPlaced' }).first().locator('.live-type').click()
  await page.mouse.move(0, 0)
  await page.waitForTimeout(1_200)
  await page.screenshot({ path: join(images, file) })
  await page.close()
}
await browser.close()
