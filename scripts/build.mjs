/**
 * `npm run build`: what is published. The packages as JavaScript with types, their SQL beside them, and Studio; the
 * licence in each, and the README in the one that people install.
 */
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ensureInstalled, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { inRoot } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { buildStudio } from './lib/studio.mjs'

const packages = [
  'core',
  'conformance',
  'sqlite',
  'sql',
  'postgres',
  'mariadb',
  'redis',
  'draw',
  'gateway',
  'client',
  'cli',
  'headwater',
]

await main(async () => {
  await ensureInstalled()
  // From nothing: a file whose source is gone must not be published.
  for (const name of packages) rmSync(inRoot('packages', name, 'dist'), { recursive: true, force: true })
  const code = await run(nodeBinary(), [
    inRoot('node_modules/typescript/bin/tsc'),
    '--build',
    'tsconfig.build.json',
  ])
  if (code !== 0) return code
  for (const name of packages) copyAssets(inRoot('packages', name, 'src'), inRoot('packages', name, 'dist'))
  await buildStudio()
  for (const name of [...packages, 'studio'])
    copyFileSync(inRoot('LICENSE'), inRoot('packages', name, 'LICENSE'))
  copyFileSync(inRoot('README.md'), inRoot('packages', 'headwater', 'README.md'))
  return 0
})

/**
 * What is not TypeScript lies beside what it is compiled to, as it did beside the sources.
 *
 * @param {string} from
 * @param {string} to
 */
function copyAssets(from, to) {
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:sql|json|html)$/.test(path)) continue
    mkdirSync(dirname(join(to, path)), { recursive: true })
    copyFileSync(join(from, path), join(to, path))
  }
}
