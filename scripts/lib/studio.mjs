import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './root.mjs'
import { npm } from './run.mjs'

const built = inRoot('packages', 'studio', 'dist', 'index.html')
const sources = ['packages/studio', 'packages/client/src'].map((path) => inRoot(path))
const notSource = new Set(['dist', 'node_modules', 'test'])

/** Builds Studio if it was never built, or if a source is newer than what was built. */
export async function ensureStudio() {
  if (existsSync(built) && newest(sources) <= statSync(built).mtimeMs) return
  console.error('Building Studio …')
  await buildStudio()
}

export async function buildStudio() {
  const code = await npm(['run', '--silent', 'build', '-w', '@headwater/studio', '--', '--logLevel=warn'])
  if (code !== 0) throw new Error(`The build of Studio ended with exit code ${code}`)
}

/**
 * @param {string[]} folders
 * @returns {number} when a file in them last changed, in milliseconds since 1970
 */
function newest(folders) {
  let latest = 0
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (notSource.has(entry.name)) continue
      const path = join(folder, entry.name)
      latest = Math.max(latest, entry.isDirectory() ? newest([path]) : statSync(path).mtimeMs)
    }
  }
  return latest
}
