import { expect, test } from 'vitest'
import { countsOf } from '../lib/soak.mjs'

const findingKinds = ['lost', 'skipped', 'stuck']

test('each kind of violation that was looked for counts as one', () => {
  expect(countsOf({ counts: {}, findingKinds }, 0)).toEqual({ passed: 3, failed: 0, skipped: 0 })
  expect(countsOf({ counts: { lost: 17 }, findingKinds }, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 })
})

test('a soak that did not come to its report has failed', () => {
  expect(countsOf(undefined, 2)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
