import { existsSync, readFileSync } from 'node:fs'
import { inRoot } from './root.mjs'

/** Where the last run of the tests left its figures. */
export const reportFile = inRoot('.reports', 'tests.json')

/** How fast-check begins when it has found a counterexample. */
const counterexample = 'Property failed after'

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ name: string, assertionResults: { fullName: string, status: string, failureMessages?: string[] }[] }} TestFile
 * @typedef {{ file: string, name: string, message: string }} Failure
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: TestFile[] }} Report
 */

/** @returns {Report | undefined} undefined if the tests did not get as far as writing one */
export function readReport() {
  return existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined
}

/**
 * A run can fail without a failing test: a file that does not load, an error that nobody awaited. That counts as one.
 *
 * @param {Report | undefined} report
 * @param {number} exitCode of the run
 * @returns {Counts}
 */
export function counts(report, exitCode) {
  const failed = report?.numFailedTests ?? 0
  return {
    passed: report?.numPassedTests ?? 0,
    failed: exitCode === 0 ? failed : Math.max(failed, 1),
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  }
}

/**
 * @param {Report} report
 * @returns {string[]} the tests that did not run, each with its file
 */
export function skippedTests(report) {
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${file.name.replace(inRoot('/'), '')}: ${fullName}`),
  )
}

/**
 * @param {Report | undefined} report
 * @returns {Failure[]} the tests that failed, each with its file and what it said
 */
export function failures(report) {
  return (report?.testResults ?? []).flatMap((file) =>
    file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages = [] }) => ({
        file: file.name.replace(inRoot('/'), ''),
        name: fullName,
        message: failureMessages.join('\n'),
      })),
  )
}

/**
 * Whether a failed test may show in a second run, alone, that it only lacked time. A law's counterexample may not:
 * the next run draws other cases, and would hide a fault that shows once in a thousand.
 *
 * @param {Failure} failure
 */
export const mayBeTriedAgain = ({ message }) => !message.includes(counterexample)

/**
 * @param {Failure[]} failed in the first run
 * @param {Report | undefined} second
 * @returns {Failure[]} those that passed in the second
 */
export function recovered(failed, second) {
  const passed = new Set(
    (second?.testResults ?? []).flatMap((file) =>
      file.assertionResults
        .filter(({ status }) => status === 'passed')
        .map(({ fullName }) => `${file.name.replace(inRoot('/'), '')}: ${fullName}`),
    ),
  )
  return failed.filter(({ file, name }) => passed.has(`${file}: ${name}`))
}
