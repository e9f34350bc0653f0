import { memoryStore } from '@headwater/core'
import { storeConformance } from '@headwater/conformance'

storeConformance('memory', ({ now }) => memoryStore(now && { now }), { virtualTime: true, branches: true })
