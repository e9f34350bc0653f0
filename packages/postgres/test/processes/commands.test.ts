import { describe } from 'vitest'
import { answersOnce } from '../../../conformance/test/support/accounts/answers-once.ts'
import { openTrial, quickServer } from '../support.ts'

describe.skipIf(quickServer === undefined)('an app on PostgreSQL', () => {
  const module = new URL('../store-in-process.ts', import.meta.url)
  answersOnce((database) => openTrial({ database }), { module, arguments: [quickServer ?? ''] })
})
