import type { NewEvent } from '../message/event.ts'
import { deepFreeze } from '../message/freeze.ts'

/** Why a command was refused: part of the domain, not an error. */
export interface Reason<Code extends string = string> {
  readonly code: Code
  readonly message: string | undefined
  readonly data: unknown
}

/** A decision not to do what was asked; `events` record that it was refused, where others need to react to it. */
export interface Rejection<Events = NewEvent, Code extends string = string> {
  readonly kind: 'rejection'
  readonly reason: Reason<Code>
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
export function reject<const Code extends string, Events = never>(
  code: Code,
  options: RejectOptions<Events> = {},
): Rejection<NoInfer<Events>, Code> {
  return Object.freeze({
    kind: 'rejection' as const,
    reason: deepFreeze({ code, message: options.message, data: options.data }),
    events: Object.freeze([...(options.events ?? [])]),
  })
}
