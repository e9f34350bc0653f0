import type { Caller } from '../log/external-journal.ts'
import type { HeadwaterError } from '../message/errors.ts'
import type { ExternalCall } from '../message/external.ts'
import type { Reach } from './mode.ts'

/** What came of a call. Where it comes from, code can't tell. */
export type Answered = {
  /** Its place in the journal; undefined: it has none. */
  readonly sequence: number | undefined
} & ({ readonly answer: unknown } | { readonly failure: HeadwaterError })

/** One call: which one it is, and who waits for it. */
export interface CallToMake {
  readonly caller: Caller
  readonly reach: Reach
  readonly call: ExternalCall
  /** The n-th of this caller with this request. */
  readonly number: number
  readonly signal: AbortSignal | undefined
}

/** Who gets answers. */
export interface AnswerSource {
  /**
   * The same for calls of which one can't be told from the other in the journal.
   *
   * @throws HeadwaterError `external.unknown`, `external.too-large` for the request
   */
  keyOf(call: ExternalCall): string
  /**
   * Gives the answer, or the failure of the outside.
   *
   * @throws HeadwaterError as `keyOf`, `log.closed`, and what the store throws
   */
  answer(toMake: CallToMake): Promise<Answered>
}
