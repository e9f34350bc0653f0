import {
  documentsConformance,
  externalsConformance,
  imagesConformance,
  snapshotsConformance,
  viewVersionsConformance,
} from '@headwater/conformance'
import { describe } from 'vitest'
import { openTrial, server } from './support.ts'

describe.skipIf(server === undefined)('PostgreSQL', () => {
  documentsConformance('postgres', openTrial, { durable: true })
  snapshotsConformance('postgres', openTrial, { durable: true })
  imagesConformance('postgres', openTrial, { durable: true })
  externalsConformance('postgres', openTrial, { durable: true })
  viewVersionsConformance('postgres', openTrial, { durable: true })
})
