import { memoryViews } from '@headwater/core'
import { viewStoreConformance } from '../src/index.ts'

viewStoreConformance('views in memory', () => memoryViews().open())
