import { sqlConformance } from '@headwater/conformance'
import { describe } from 'vitest'
import { openTrial, server } from './support.ts'

describe.skipIf(server === undefined)('tables of users in PostgreSQL', () => {
  sqlConformance('postgres', openTrial, { sql: true, durable: true })
})
