import { describe } from 'vitest'
import { paysOnce } from '../../../conformance/test/support/payments/pays-once.ts'
import { openTrial, quickServer } from '../support.ts'

describe.skipIf(quickServer === undefined)('an app on PostgreSQL', () => {
  const module = new URL('../store-in-process.ts', import.meta.url)
  paysOnce((database) => openTrial({ database }), { module, arguments: [quickServer ?? ''] })
})
