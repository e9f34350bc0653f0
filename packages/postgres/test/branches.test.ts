import { branchedLogConformance, branchesConformance } from '@headwater/conformance'
import { describe } from 'vitest'
import { openTrial, server } from './support.ts'

describe.skipIf(server === undefined)('PostgreSQL', () => {
  branchesConformance('postgres', openTrial, { durable: true, branches: true })
  branchedLogConformance('postgres', openTrial, { durable: true, branches: true })
})
