import type { Headwater } from '@headwater/core'

export interface TrafficOptions {
  /** Commands a second. */
  readonly rate: number
  /** The same seed makes the same commands in the same order. */
  readonly seed: string
  /** Aborted when the traffic is to end. */
  readonly signal: AbortSignal
}

/** What an app's `traffic.ts` exports as its default: sends commands until it is told to end. */
export type Traffic = (headwater: Headwater, options: TrafficOptions) => Promise<void>
