import { segmentsConformance } from '@headwater/conformance'
import { describe } from 'vitest'
import { openTrial, server } from './support.ts'

describe.skipIf(server === undefined)('segments in PostgreSQL', () => {
  segmentsConformance('postgres', openTrial, { durable: true })
})
