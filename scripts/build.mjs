/** `npm run build`: what is published. The packages as JavaScript with types, their SQL beside them, and Studio. */
import { copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { ensureInstalled, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { inRoot, root } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { buildStudio } from './lib/studio.mjs'

const packages = ['core', 'conformance', 'sqlite', 'gateway', 'client', 'cli', 'headwater']

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
  for (const path of globSync('packages/*/src/**/*.{sql,json,html}', { cwd: root })) {
    const target = inRoot(path.replace('/src/', '/dist/'))
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(inRoot(path), target)
  }
  await buildStudio()
  return 0
})
