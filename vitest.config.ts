import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { serviceEnvironment } from './scripts/lib/services.mjs'

// Packages resolve each other to their sources, in the tests and in the processes that tests fork:
// nothing needs to be built first, and nothing stale can be tested.
const condition = '@headwater/source'

export default defineConfig({
  ssr: {
    resolve: {
      conditions: [condition, 'module', 'node', 'development|production'],
      externalConditions: [condition],
    },
  },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.{ts,tsx}',
      'packages/cli/starter/*.test.ts',
      'examples/**/*.test.ts',
      'docs/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'scripts/test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    // Tests wait for databases and processes half of their time: two at once, even where there are two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    env: serviceEnvironment(),
    // A test waits for a condition, never for a time, so these limits end only what would never end: on a busy
    // machine a process that is started cold takes ten seconds and more, and a commit one.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
