/** What a processor is doing. */
export type ProcessorStatus = 'starting' | 'running' | 'standby' | 'stopped' | 'failed'

/** A view's or a subscription's progress over the log, as others see it. */
export interface ProcessorSummary {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  /** `standby`: another process holds its lease. `failed`: it stopped by an error and says which. */
  readonly status: ProcessorStatus
  readonly position: number
  readonly head: number
  readonly lag: { readonly events: number; readonly seconds: number }
  /** Events parked, those that wait behind a failed one included. */
  readonly parked: number
  readonly error: { readonly code: string; readonly message: string } | undefined
}

export interface ParkedEventSummary {
  readonly sequence: string
  readonly position: number
  readonly attempts: number
  readonly error: string | null
  readonly parkedAt: Date
}

/** A running processor. */
export interface ProcessorHandle {
  readonly name: string
  readonly kind: 'view' | 'subscription'
  summary(): Promise<ProcessorSummary>
  /** Resolves when everything up to the position is processed. @throws HeadwaterError `view.wait-timeout` */
  waitFor(
    position: number,
    options?: { readonly timeLimit?: number; readonly signal?: AbortSignal },
  ): Promise<void>
  parked(options?: {
    readonly sequence?: string
    readonly limit?: number
  }): Promise<readonly ParkedEventSummary[]>
}
