import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where Studio's built files are; undefined where it was not built. */
export function findStudio(): string | undefined {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('@headwater/studio/package.json')), 'dist')
  return existsSync(join(folder, 'index.html')) ? folder : undefined
}
