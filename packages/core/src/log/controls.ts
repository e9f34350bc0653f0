/** What operators ask of processors, in the store, so that every process obeys. */
export interface Controls {
  /** Of the processors about which something was said. */
  list(branch: number): Promise<readonly Control[]>
  /** It runs nowhere until it is resumed. */
  pause(processor: string, branch: number, act: Act): Promise<void>
  resume(processor: string, branch: number, act: Act): Promise<void>
  /** The last first. */
  acts(query: ActsQuery): Promise<readonly ActRow[]>
  /** Asks that old events be handled once more; a job of this id that is there already is left as it is. */
  askReprocessing(job: ReprocessingRequest, act: Act): Promise<void>
  /** In the order in which they were asked for. */
  reprocessing(query: ReprocessingQuery): Promise<readonly Reprocessing[]>
  /** Ends a job; false: it had ended before, or there is none. */
  endReprocessing(end: ReprocessingEnd, act: Act | undefined): Promise<boolean>
}

/** What was said about a processor. */
export interface Control {
  readonly processor: string
  /** Rises with everything that is said, so that who looks again knows whether there is news. */
  readonly changes: number
  /** Undefined: it is not paused. */
  readonly paused: Intervention | undefined
  /** Into how many partitions the code that ran last divides it; undefined: none ran. */
  readonly declared: number | undefined
}

/** Who did something to a processor, and why. */
export interface Intervention {
  readonly actor: string | null
  readonly why: string | null
  /** Epoch milliseconds. */
  readonly at: number
}

/** What an operator does: it is kept. */
export interface Act extends Intervention {
  readonly kind: ActKind
  /** What it concerned, as JSON; no payload. */
  readonly details: string
}

export type ActKind =
  | 'pause'
  | 'resume'
  | 'reset'
  | 'divide'
  | 'edit'
  | 'retry'
  | 'drop'
  | 'reprocess'
  | 'cancel'

export interface ActRow extends Act {
  readonly processor: string
  readonly sequence: number
}

export interface ActsQuery {
  readonly processor: string
  readonly branch: number
  /** Only those whose sequence is lower. */
  readonly before?: number
  readonly limit: number
}

export interface ReprocessingRequest {
  readonly id: string
  readonly processor: string
  readonly branch: number
  /** Positions, both included. */
  readonly from: number
  readonly to: number
}

/** A job that handles old events once more, with all effects. */
export interface Reprocessing extends ReprocessingRequest {
  readonly asked: Intervention
  readonly state: 'asked' | 'done' | 'cancelled'
  /** The last position that was handled, once it has ended. */
  readonly reached: number | undefined
  /** Epoch milliseconds. */
  readonly endedAt: number | undefined
}

export interface ReprocessingQuery {
  readonly branch: number
  /** Undefined: of all processors. */
  readonly processor?: string
  readonly id?: string
  readonly state?: Reprocessing['state']
  readonly limit: number
}

export interface ReprocessingEnd {
  readonly id: string
  readonly branch: number
  readonly state: 'done' | 'cancelled'
  readonly reached: number
  /** Epoch milliseconds. */
  readonly at: number
}
