/**
 * Packs what would be published, installs it in an empty project and uses it there as a user does: types, library and
 * command. A checkout can't show what a package lacks, because there everything resolves to the sources. Run it after
 * `npm run build`.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { inRoot } from './lib/root.mjs'
import { npm, run } from './lib/run.mjs'

const project = mkdtempSync(join(tmpdir(), 'headwater-packed-'))
const tarballs = join(project, 'tarballs')
/** A user has no condition of ours, and has the Node that they chose. */
const env = { NODE_OPTIONS: '', PATH: `${dirname(nodeBinary())}${delimiter}${process.env.PATH}` }

const usage = `
import counter, { Increment } from './counter.ts'
import { open } from 'headwater'

const headwater = await open(counter, { db: 'counter.db' })
const outcome = await headwater.execute(Increment({ counterId: 'a', by: 2 }))
if (outcome.status !== 'accepted') throw new Error(outcome.reason.code)
const total = await headwater.view('totals').get('a', { waitFor: outcome.position })
await headwater.close()
console.log(JSON.stringify(total?.doc))
`

await main(async () => {
  try {
    return await useAsInstalled()
  } finally {
    rmSync(project, { recursive: true, force: true })
  }
})

async function useAsInstalled() {
  const published = readdirSync(inRoot('packages')).map((name) => `--workspace=packages/${name}`)
  mkdirSync(tarballs)
  const packed = await npm(['pack', '--silent', `--pack-destination=${tarballs}`, ...published])
  if (packed !== 0) return packed

  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  cpSync(inRoot('examples', 'counter', 'counter.ts'), join(project, 'counter.ts'))
  writeFileSync(join(project, 'use.ts'), usage)
  const files = readdirSync(tarballs).map((file) => join(tarballs, file))
  const dependencies = [...files, 'zod@4.6.7', 'typescript@7.0.2', '@types/node@24.19.2']
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']

  return inOrder([
    () =>
      npm(['install', '--no-audit', '--no-fund', '--loglevel=error', ...dependencies], { cwd: project, env }),
    () => inProject('typescript/bin/tsc', [...strict, '--allowImportingTsExtensions', 'use.ts']),
    () => run(nodeBinary(), ['use.ts'], { cwd: project, env }),
    () => inProject('headwater/bin/headwater.js', ['read', '--db', 'counter.db', '--json']),
    () => inProject('headwater/bin/headwater.js', ['new', 'starter', '--no-install']),
    () => inProject('typescript/bin/tsc', [...strict, '--allowImportingTsExtensions', 'starter/app.ts']),
    () =>
      inProject('headwater/bin/headwater.js', [
        'send',
        'AddTask',
        '{"taskId":"1","title":"x"}',
        '--app',
        'starter',
      ]),
    () => inProject('headwater/bin/headwater.js', ['doctor', '--app', 'counter.ts', '--db', 'counter.db']),
  ])
}

/** @param {string} script below node_modules @param {string[]} args */
function inProject(script, args) {
  return run(nodeBinary(), [join(project, 'node_modules', script), ...args], { cwd: project, env })
}

/** @param {(() => Promise<number>)[]} steps the first one that fails is the last */
async function inOrder(steps) {
  for (const step of steps) {
    const code = await step()
    if (code !== 0) return code
  }
  return 0
}
