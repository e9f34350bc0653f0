/**
 * @typedef {import('./report.mjs').Counts} Counts
 * @typedef {import('./checks.mjs').Step} Step
 */

/**
 * Runs steps one after the other, tells each one's name, outcome and time, and goes on after a failed one: whoever
 * reads the log wants all that is wrong. Only where `needed` says so, a failure ends the run.
 *
 * @param {Step[]} steps
 * @param {Set<string>} [needed] names of the steps without which the later ones make no sense
 * @returns {Promise<Counts>} a step that gives an exit code counts as one
 */
export async function runSteps(steps, needed = new Set()) {
  /** @type {Counts} */
  const total = { passed: 0, failed: 0, skipped: 0 }
  const started = performance.now()
  for (const step of steps) {
    console.log(`\n── ${step.name}`)
    const stepStarted = performance.now()
    const counts = await outcome(step)
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
    console.log(`── ${step.name}: ${counts.failed === 0 ? 'passed' : 'FAILED'} in ${seconds(stepStarted)}`)
    if (counts.failed > 0 && needed.has(step.name)) break
  }
  console.log(`\n${steps.length} steps in ${seconds(started)}`)
  return total
}

/** @param {Step} step @returns {Promise<Counts>} */
async function outcome(step) {
  try {
    const result = await step.run()
    if (typeof result !== 'number') return result
    return { passed: result === 0 ? 1 : 0, failed: result === 0 ? 0 : 1, skipped: 0 }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** @param {number} since */
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`
