import { nodeBinary } from './install.mjs'
import { counts, failures, mayBeTriedAgain, readReport, recovered } from './report.mjs'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'

/** More failures than that are no matter of a busy machine. */
const mostTriedAgain = 10

/** @typedef {import('./report.mjs').Failure} Failure */

/**
 * All tests. On a machine that is busy with other things, a test that waits for processes or browsers can run out of
 * time: those that failed are run once more, alone, and both outcomes are told. What fails twice has failed, and so
 * has a law with a counterexample, whatever came of it later.
 *
 * @param {number} timeLimit in milliseconds, of each run
 * @returns {Promise<{ counts: import('./report.mjs').Counts, failed: Failure[], unsteady: Failure[] }>}
 */
export async function runTests(timeLimit) {
  const code = await test([], timeLimit)
  const first = readReport()
  const total = counts(first, code)
  const failed = failures(first)
  const again = failed.filter(mayBeTriedAgain)
  if (again.length === 0 || failed.length > mostTriedAgain) return { counts: total, failed, unsteady: [] }
  console.log(`\nOnce more, alone:\n${again.map(({ file, name }) => `  ${file}: ${name}`).join('\n')}`)
  const codeAgain = await test([...new Set(again.map(({ file }) => file)), '--maxWorkers=1'], timeLimit)
  const unsteady = recovered(again, readReport())
  return {
    counts: {
      ...total,
      passed: total.passed + unsteady.length,
      // An error that no test awaited fails the run as well, and is no test that could recover.
      failed: Math.max(total.failed - unsteady.length, codeAgain === 0 ? 0 : 1),
    },
    failed: failed.filter((failure) => !unsteady.includes(failure)),
    unsteady,
  }
}

/** @param {string[]} given to vitest @param {number} timeLimit */
const test = (given, timeLimit) => run(nodeBinary(), [inRoot('scripts', 'test.mjs'), ...given], { timeLimit })

/**
 * What whoever reads only the end of the log has to know.
 *
 * @param {string} title
 * @param {Failure[]} tests
 */
export function tell(title, tests) {
  if (tests.length === 0) return
  console.log(`\n${title}:`)
  for (const { file, name, message } of tests)
    console.log(
      `  ${file}: ${name}\n${message
        .split('\n')
        .slice(0, 12)
        .map((line) => `    ${line}`)
        .join('\n')}`,
    )
}
