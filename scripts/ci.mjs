/** Continuous integration: every step with its name and time, and what came of all of them in the last line. */
import { benchTypes, checks } from './lib/checks.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureDatabases } from './lib/databases.mjs'
import { install, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { counts, readReport } from './lib/report.mjs'
import { inRoot } from './lib/root.mjs'
import { npm, run } from './lib/run.mjs'
import { soakCounts } from './lib/soak.mjs'
import { runSteps } from './lib/steps.mjs'

const minutes = 60_000

/** @param {string} name @param {number} timeLimit in milliseconds */
const script = (name, timeLimit) => run(nodeBinary(), [inRoot('scripts', name)], { timeLimit })

/** @type {import('./lib/checks.mjs').Step[]} */
const steps = [
  { name: 'install', run: () => install().then(() => 0) },
  { name: 'chromium', run: ensureChromium },
  { name: 'databases', run: ensureDatabases },
  ...checks,
  {
    name: 'reference',
    run: () => npm(['run', '--silent', 'reference', '--', '--check'], { timeLimit: 5 * minutes }),
  },
  { name: 'build', run: () => script('build.mjs', 5 * minutes) },
  { name: 'packed', run: () => script('packed.mjs', 5 * minutes) },
  {
    name: 'tests',
    run: async () => {
      const code = await script('test.mjs', 55 * minutes)
      return counts(readReport(), code)
    },
  },
  { name: 'soak-sqlite', run: () => soakCounts('sqlite', '0.3') },
  { name: 'soak-postgres', run: () => soakCounts('postgres', '1') },
  {
    name: 'bench',
    run: () => npm(['run', '--silent', 'bench', '--', '--smoke'], { timeLimit: 20 * minutes }),
  },
  benchTypes,
]

await main(async () => {
  const { passed, failed, skipped } = await runSteps(steps, new Set(['install']))
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 ? 0 : 1
})
