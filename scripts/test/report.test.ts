import { expect, test } from 'vitest'
import { counts, failures, mayBeTriedAgain, recovered, skippedTests } from '../lib/report.mjs'
import { inRoot } from '../lib/root.mjs'

const report = {
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 1,
  testResults: [
    {
      name: inRoot('packages/studio/test/rooms.test.ts'),
      assertionResults: [
        { fullName: 'the log shows events', status: 'skipped' },
        { fullName: 'a view is a table', status: 'passed' },
      ],
    },
  ],
}

test('counts what passed, failed and was skipped', () => {
  expect(counts(report, 0)).toEqual({ passed: 5, failed: 0, skipped: 2 })
})

test('a run that fails without a failing test counts as one failure', () => {
  expect(counts(report, 1)).toEqual({ passed: 5, failed: 1, skipped: 2 })
})

test('a run that never wrote its report counts as one failure', () => {
  expect(counts(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

test('skipped tests are named with their file', () => {
  expect(skippedTests(report)).toEqual(['packages/studio/test/rooms.test.ts: the log shows events'])
})

const outcome = (status: string, ...failureMessages: string[]) => ({
  ...report,
  testResults: [
    {
      name: inRoot('packages/core/test/fold.test.ts'),
      assertionResults: [{ fullName: 'a fold is a fold', status, failureMessages }],
    },
  ],
})
const failure = (message: string) => ({
  file: 'packages/core/test/fold.test.ts',
  name: 'a fold is a fold',
  message,
})

test('failures are named with their file and what they said', () => {
  expect(failures(outcome('failed', 'Test timed out in 30000ms.'))).toEqual([
    failure('Test timed out in 30000ms.'),
  ])
  expect(failures(outcome('passed'))).toEqual([])
  expect(failures(undefined)).toEqual([])
})

test('what ran out of time may be tried again, a counterexample may not', () => {
  expect(mayBeTriedAgain(failure('Error: Test timed out in 30000ms.'))).toBe(true)
  expect(mayBeTriedAgain(failure('Error: Property failed after 3 tests\n{ seed: 1, path: "2" }'))).toBe(false)
})

test('only what passes in the second run has recovered', () => {
  const failed = [failure('Test timed out in 30000ms.')]
  expect(recovered(failed, outcome('passed'))).toEqual(failed)
  expect(recovered(failed, outcome('failed', 'again'))).toEqual([])
  expect(recovered(failed, outcome('skipped'))).toEqual([])
  expect(recovered(failed, undefined)).toEqual([])
})
