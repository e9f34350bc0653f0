import { type Browser, chromium } from 'playwright-core'

/** Where Chromium is; Debian's place unless HEADWATER_CHROMIUM says otherwise. */
export const executablePath = process.env.HEADWATER_CHROMIUM ?? '/usr/bin/chromium'

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
