import { expect, test } from 'vitest'
import { counts, skippedTests } from '../lib/report.mjs'
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
