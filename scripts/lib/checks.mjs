import { existsSync } from 'node:fs'
import { nodeBinary } from './install.mjs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'

/**
 * @typedef {{ name: string, run: () => Promise<number | import('./report.mjs').Counts> }} Step
 *   `run` gives an exit code, or counts if the step consists of many
 */

/** @param {string} script @param {string[]} args */
const node = (script, ...args) => run(nodeBinary(), [inRoot(script), ...args])

/** @param {string} project */
const tsc = (project) => node('node_modules/typescript/bin/tsc', '--project', project, '--noEmit')

/** What a machine can say about the sources without running them: `npm run check`. @type {Step[]} */
export const checks = [
  {
    name: 'format',
    run: () => node('node_modules/@biomejs/biome/bin/biome', 'format', '--reporter=summary'),
  },
  { name: 'lint', run: () => node('node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings') },
  { name: 'direction', run: () => node('scripts/direction.mjs') },
  { name: 'source-rules', run: () => node('scripts/source-rules.mjs') },
  { name: 'types', run: () => tsc('tsconfig.json') },
  { name: 'studio-types', run: () => tsc('packages/studio/tsconfig.json') },
]

/** The bench compares with packages that are only there once it has run, so its types wait for that. @type {Step} */
export const benchTypes = { name: 'bench-types', run: () => tsc('bench/tsconfig.json') }

export const benchInstalled = () => existsSync(inRoot('bench', 'node_modules'))
