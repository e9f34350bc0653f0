import type { NewEvent } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'

/** Why a command was refused: part of the domain, not an error. */
export interface Reason {
  readonly code: string
  readonly message: string | undefined
  readonly data: unknown
}

/** A decision not to do what was asked; `events` record that it was refused, where others need to react to it. */
export interface Rejection<Events = NewEvent> {
  readonly kind: 'rejection'
  readonly reason: Reason
  readonly events: readonly Events[]
}

export interface RejectOptions<Events> {
  /** For people. */
  readonly message?: string
  /** For programs: what the reason refers to. */
  readonly data?: unknown
  /** Facts to record although the command is refused: `PizzaOrderRejected`. */
  readonly events?: readonly Events[]
}

/**
 * Refuses a command.
 *
 * @param code a stable code in the domain's own words: `already-placed`
 */
export function reject<Events = never>(code: string, options: RejectOptions<Events> = {}): Rejection<Events> {
  return Object.freeze({
    kind: 'rejection' as const,
    reason: deepFreeze({ code, message: options.message, data: options.data }),
    events: Object.freeze([...(options.events ?? [])]),
  })
}
