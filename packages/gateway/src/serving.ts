import type { Headwater } from '@headwater/core'
import type { Metrics } from './metrics/metrics.ts'
import type { Settings } from './options.ts'

/** What the routes share. */
export interface Serving {
  readonly headwater: Headwater
  readonly settings: Settings
  readonly metrics: Metrics
  /** `draining`: it serves, but should be sent no more; `stopping`: it takes nothing new. */
  phase: 'serving' | 'draining' | 'stopping'
}
