/** Continuous integration: every step with its name and time, and what came of all of them in the last line. */
import { benchTypes, checks } from './lib/checks.mjs'
import { ensureChromium } from './lib/chromium.mjs'
import { ensureDatabases } from './lib/databases.mjs'
import { install, nodeBinary } from './lib/install.mjs'
import { main } from './lib/main.mjs'
import { inRoot } from './lib/root.mjs'
import { npm, run } from './lib/run.mjs'
import { soakCounts } from './lib/soak.mjs'
import { runSteps } from './lib/steps.mjs'
import { runTests, tell } from './lib/tests.mjs'

const minutes = 60_000

/** @param {string} name @param {number} timeLimit in milliseconds */
const script = (name, timeLimit) => run(nodeBinary(), [inRoot('scripts', name)], { timeLimit })

/** @type {import('./lib/report.mjs').Failure[]} */
let failed = []
/** @type {import('./lib/report.mjs').Failure[]} */
let unsteady = []

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
      const outcome = await runTests(55 * minutes)
      failed = outcome.failed
      unsteady = outcome.unsteady
      return outcome.counts
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
  const total = await runSteps(steps, new Set(['install']))
  tell('Failed', failed)
  tell('Failed, and passed when run once more alone', unsteady)
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed === 0 ? 0 : 1
})
