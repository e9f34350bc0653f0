import type { TenantScope } from '../message/tenant.ts'

/**
 * What is taken back: all that was recorded after an event, which itself stays. Of a stream, behind its revision; of all that
 * a command or an event caused, by its id; of the whole log, behind a position.
 */
export type ReversalScope =
  | { readonly stream: string; readonly to: number }
  | { readonly causedBy: string }
  | { readonly position: number }

export type ReversalOptions = Pick<TenantScope, 'tenant'>

export interface ReversedEvent {
  readonly id: string
  readonly type: string
  readonly stream: string
  readonly revision: number
  readonly position: number
}

/** What a reversal would do, or has done. Nothing is recorded by planning one. */
export interface ReversalPlan {
  /** The reversal's own: applied twice, it has one effect. */
  readonly id: string
  readonly scope: ReversalScope
  readonly tenant: string
  /** The log ended here when it was planned: what comes later is not in it. */
  readonly head: number
  /** What is taken back, the latest first. */
  readonly events: readonly ReversedEvent[]
  /** Types that don't say how they are taken back, and of how many events; a plan with some can't be applied. */
  readonly lacking: readonly { readonly type: string; readonly stream: string; readonly events: number }[]
}

export interface RevertOptions {
  readonly why: string
  readonly actor?: string | null
  readonly correlationId?: string
}

/** What was recorded to take events back. */
export interface Reversal {
  readonly id: string
  /** Of the last event; undefined: there was nothing to do. */
  readonly position: number | undefined
  /** What was recorded, in order. */
  readonly recorded: readonly ReversedEvent[]
}
