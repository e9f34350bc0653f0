import { defineConfig } from 'vitest/config'

// Packages resolve each other to their sources, in the tests and in the processes that tests fork:
// nothing needs to be built first, and nothing stale can be tested.
const condition = '@headwater/source'

export default defineConfig({
  resolve: { conditions: [condition] },
  ssr: {
    resolve: {
      conditions: [condition, 'node', 'import', 'module', 'default'],
      externalConditions: [condition],
    },
  },
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.{ts,tsx}',
      'examples/**/*.test.ts',
      'docs/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    execArgv: [`--conditions=${condition}`],
  },
})
