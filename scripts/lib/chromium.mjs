import { aptGet } from './apt.mjs'
import { services } from './services.mjs'

/** Installs Debian's Chromium where none is found. @returns {Promise<number>} an exit code: there is one, or not */
export async function ensureChromium() {
  if (found()) return 0
  console.error('No Chromium found: installing it with apt-get …')
  await aptGet(['update'])
  await aptGet(['install', '--yes', '--no-install-recommends', 'chromium'])
  return found() ? 0 : 1
}

function found() {
  const path = services().find(({ variable }) => variable === 'HEADWATER_CHROMIUM')?.found
  if (path) console.error(path)
  return path !== undefined
}
