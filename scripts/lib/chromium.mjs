import { run } from './run.mjs'
import { services } from './services.mjs'

/** Installs Debian's Chromium where none is found. @returns {Promise<number>} an exit code: there is one, or not */
export async function ensureChromium() {
  if (found()) return 0
  console.error('No Chromium found: installing it with apt-get …')
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive']
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', '--quiet', ...args]
    const code = await run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    if (code !== 0) console.error(`apt-get ${args[0]} ended with exit code ${code}`)
  }
  return found() ? 0 : 1
}

function found() {
  const path = services().find(({ variable }) => variable === 'HEADWATER_CHROMIUM')?.found
  if (path) console.error(path)
  return path !== undefined
}
