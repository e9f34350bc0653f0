import { existsSync, readFileSync } from 'node:fs'
import { inRoot } from './root.mjs'

/** Where the last run of the tests left its figures. */
export const reportFile = inRoot('.reports', 'tests.json')

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ name: string, assertionResults: { fullName: string, status: string }[] }} TestFile
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
