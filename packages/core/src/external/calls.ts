import type { Caller } from '../log/external-journal.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { ExternalCall } from '../message/external.ts'
import type { Answered, AnswerSource } from './answered.ts'
import { byQuery } from './caller.ts'
import { reachOf, type Reach } from './mode.ts'

/** An answer that a command was decided with: of which external, and its place in the journal. */
export type ExternalRead = readonly [external: string, sequence: number]

/** How code calls the outside. */
export type CallOutside = <Answer>(call: ExternalCall<string, unknown, Answer>) => Promise<Answer>

/** One that wants to call the outside, as a command or a reaction. */
export interface CallSource {
  callsOf(caller: Caller, reach: Reach, signal?: AbortSignal): OutsideCalls
}

/** The calls of one caller, which may begin anew: then its n-th call is the n-th again, and is answered by what is known. */
export interface OutsideCalls {
  readonly call: CallOutside
  /** What a decision asks: answered already, or it waits, and is made again when it is. */
  readonly answer: <Answer>(call: ExternalCall<string, unknown, Answer>) => Answer
  /** What was answered since it began. */
  readonly reads: readonly ExternalRead[] | undefined
  /** Whether something was asked to which there is no answer yet: what was decided is void. */
  readonly isWaiting: boolean
  begin(): void
  /** Gets the answers that are waited for. */
  fetch(): Promise<void>
}

/** So many calls a command may make: one that asks for something else each time it is decided would never end. */
const mostCalls = 100

/**
 * The calls of one asking of a query: most ask for nothing, and need no id. As of a time it is answered by what had been
 * answered by then.
 */
export function callsOfQuery(
  source: CallSource,
  type: string,
  newId: () => string,
  tenant: string,
  signal: AbortSignal,
  asOf: Date | undefined,
): CallOutside {
  let calls: OutsideCalls | undefined
  const reach = asOf === undefined ? reachOf(tenant) : { ...reachOf(tenant, 'recorded'), at: asOf.getTime() }
  return (call) => {
    calls ??= source.callsOf(byQuery(type, newId()), reach, signal)
    return calls.call(call)
  }
}

interface ToAsk {
  readonly key: string
  readonly number: number
  readonly call: ExternalCall
}

interface Asked {
  readonly answering: Promise<Answered>
  answered?: Answered
}

/** Thrown out of a decision that asks for what is not known yet. Whoever catches it decides in vain. */
class NotYetAnswered extends Error {
  override readonly name = 'NotYetAnswered'
  constructor({ external }: ExternalCall) {
    super(`${external} has not answered yet: the decision is made again when it has`)
  }
}

/** Made for every command and cheap, as most of them call nothing. */
export class JournaledCalls implements OutsideCalls {
  readonly #externals: AnswerSource
  readonly #caller: Caller
  readonly #reach: Reach
  readonly #signal: AbortSignal | undefined
  /** What was asked, by external, request and number. */
  #known: Map<string, Asked> | undefined
  /** How often the same was asked since it began. */
  #numbers: Map<string, number> | undefined
  #wanted: ToAsk[] | undefined
  #reads: ExternalRead[] | undefined

  constructor(externals: AnswerSource, caller: Caller, reach: Reach, signal: AbortSignal | undefined) {
    this.#externals = externals
    this.#caller = caller
    this.#reach = reach
    this.#signal = signal
  }

  get reads(): readonly ExternalRead[] | undefined {
    return this.#reads
  }

  get isWaiting(): boolean {
    return this.#wanted !== undefined
  }

  begin(): void {
    this.#numbers = undefined
    this.#wanted = undefined
    this.#reads = undefined
  }

  // Arrows, so that code can take them out of its context.

  readonly call = async <Answer>(call: ExternalCall<string, unknown, Answer>): Promise<Answer> => {
    return this.#give(call, await this.#ask(this.#next(call)).answering) as Answer
  }

  readonly answer = <Answer>(call: ExternalCall<string, unknown, Answer>): Answer => {
    const next = this.#next(call)
    const answered = this.#known?.get(next.key)?.answered
    if (answered !== undefined) return this.#give(call, answered) as Answer
    this.#wanted ??= []
    this.#wanted.push(next)
    throw new NotYetAnswered(call)
  }

  async fetch(): Promise<void> {
    await Promise.all((this.#wanted ?? []).map((next) => this.#ask(next).answering))
  }

  #next(call: ExternalCall): ToAsk {
    const same = this.#externals.keyOf(call)
    this.#numbers ??= new Map()
    const number = (this.#numbers.get(same) ?? 0) + 1
    this.#numbers.set(same, number)
    return { key: `${same}/${number}`, number, call }
  }

  #ask({ key, number, call }: ToAsk): Asked {
    this.#known ??= new Map()
    const known = this.#known
    const before = known.get(key)
    if (before !== undefined) return before
    if (known.size >= mostCalls) throw tooMany(this.#caller)
    const toMake = { caller: this.#caller, reach: this.#reach, call, number, signal: this.#signal }
    const asked: Asked = { answering: this.#externals.answer(toMake) }
    known.set(key, asked)
    asked.answering.then(
      (answered) => {
        asked.answered = answered
      },
      // What could not be asked is asked anew by the next attempt.
      () => known.delete(key),
    )
    return asked
  }

  #give({ external }: ExternalCall, answered: Answered): unknown {
    if (answered.sequence !== undefined) (this.#reads ??= []).push([external, answered.sequence])
    if ('answer' in answered) return answered.answer
    throw answered.failure
  }
}

function tooMany({ name }: Caller): HeadwaterError {
  return new HeadwaterError(
    'command.failed',
    `${name} asks the outside for more than ${mostCalls} answers: does it ask for another one each time it is decided?`,
  )
}
