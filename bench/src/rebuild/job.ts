/** A rebuild beside live traffic, in a process of its own. */
export interface RebuildJob {
  readonly folder: string
  /** Commands a second. */
  readonly rate: number
  /** Milliseconds of traffic alone, before the rebuild. */
  readonly alone: number
}

export interface RebuildResult {
  /** Events a second that the rebuild folded. */
  readonly rate: number
  /** Latencies of commands in milliseconds, without a rebuild and beside it. */
  readonly alone: Latencies
  readonly beside: Latencies
}

export interface Latencies {
  readonly commands: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}
