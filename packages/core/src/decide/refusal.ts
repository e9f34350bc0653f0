import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import { reject, type Rejection, type RejectOptions } from './reject.ts'

export interface RefusalOptions extends Omit<RejectOptions<NewEvent>, 'message'> {
  /** Default: the class's name in words, `AlreadyTurnedOn` → `already-turned-on`. */
  readonly code?: string
}

/**
 * A rejection to throw, for those who write aggregates as classes. Each reason is a class of its own:
 *
 * ```ts
 * class AlreadyTurnedOn extends Refusal {}
 * throw new AlreadyTurnedOn('It shines already')
 * ```
 *
 * Thrown by a decision, it rejects the command with its code; it is no error then, but an answer. Code that is made
 * small by renaming classes has to name the code itself.
 */
export class Refusal extends Error {
  /** Stable, in the domain's own words: what programs go by. */
  readonly code: string
  /** For programs: what the reason refers to. */
  readonly data: unknown
  /** Facts to record although the command is refused. */
  readonly events: readonly NewEvent[]

  /** @param message for people */
  constructor(message?: string, options: RefusalOptions = {}) {
    super(message)
    this.name = new.target.name
    this.code = options.code ?? codeOf(new.target.name)
    this.data = options.data
    this.events = Object.freeze([...(options.events ?? [])])
  }
}

/** The rejection that a refusal stands for. */
export function rejectionOf({ code, message, data, events }: Refusal): Rejection {
  return reject(code, { data, events, ...(message !== '' && { message }) })
}

/** The refusal that stands for a rejection, to be thrown where nobody looks at outcomes. */
export function refusalOf({ reason, events }: Pick<Rejection, 'reason' | 'events'>): Refusal {
  return new Refusal(reason.message, { code: reason.code, data: reason.data, events })
}

/** `AlreadyTurnedOn` → `already-turned-on`, `HTTPFailed` → `http-failed`. */
function codeOf(name: string): string {
  const code = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
  if (code !== '') return code
  throw new HeadwaterError('app.invalid', 'A refusal whose class has no name needs a code')
}
