import { progressConformance } from '@headwater/conformance'
import { describe } from 'vitest'
import { openTrial, server } from './support.ts'

describe.skipIf(server === undefined)('processors in PostgreSQL', () => {
  progressConformance('postgres', openTrial)
})
