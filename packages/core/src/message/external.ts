import { HeadwaterError } from './errors.ts'
import { deepFreeze } from './freeze.ts'
import { type InputOf, type OutputOf, parse, type Schema } from './schema.ts'

/** What an external answers; only types ask for it. */
declare const answer: unique symbol

/** An external's name and valid request, not yet called. */
export interface ExternalCall<Name extends string = string, Request = unknown, Answer = unknown> {
  readonly kind: 'external-call'
  readonly external: Name
  readonly request: Request
  readonly [answer]?: Answer
}

/** What a call to the outside gets beside its request. */
export interface OutsideContext {
  /**
   * The same for every attempt at this call, those after a crash included: send it along, so that the other side can tell a
   * repeat from a new wish.
   */
  readonly idempotencyKey: string
  /** Aborted when the time limit has passed, when nobody waits for the answer any more, and when Headwater closes. */
  readonly signal: AbortSignal
  /** From 1; counts on after a crash. */
  readonly attempt: number
  readonly tenant: string
}

/** Takes out of what is journaled what must not lie in a database. The code that calls gets the answer as it came. */
export interface Redaction<Request, Answer> {
  /** Two requests that are the same after it are the same request for a replay. */
  readonly request?: (request: Request) => unknown
  /** What a replay is answered with. */
  readonly answer?: (answer: Answer) => Answer
  /** The message of a failure: it may quote an address with a key in it. */
  readonly failure?: (message: string) => string
}

export interface ExternalDefinition<Request extends Schema, Answer extends Schema> {
  /** Any Standard Schema; its output is what `call` gets, and what is journaled. */
  readonly request: Request
  /** What the outside gives is checked against it; what it makes of that is journaled, and given to whoever called. */
  readonly answer: Answer
  /** Calls the outside. What it throws, and what it gives that does not fit, is a failure. */
  readonly call: (
    request: OutputOf<Request>,
    context: OutsideContext,
  ) => Promise<InputOf<Answer>> | InputOf<Answer>
  /** Milliseconds after which an attempt has failed. Default 10,000. */
  readonly timeLimit?: number
  /** How often a call that failed is made again, with growing pauses and the same idempotency key. Default 0. */
  readonly retries?: number
  /** The longest answer that is taken, and the longest request, in characters of what is journaled. Default 65,536. */
  readonly longest?: number
  readonly redact?: Redaction<OutputOf<Request>, OutputOf<Answer>>
  /** Milliseconds after which the journal may forget a call. Default: never, so that everything can be replayed. */
  readonly keepFor?: number
  readonly description?: string
}

/** An external is a function that makes calls to be handed over: `call(exchangeRate({ from, to }))`. */
export interface External<Name extends string = string, Request = unknown, Answer = unknown, Given = never> {
  /** @throws HeadwaterError `external.invalid-request` */
  (request: Given): ExternalCall<Name, Request, Answer>
  readonly kind: 'external'
  readonly type: Name
  readonly description: string | undefined
  readonly request: Schema<unknown, Request>
  readonly answer: Schema<unknown, Answer>
  readonly timeLimit: number
  readonly retries: number
  readonly longest: number
  readonly keepFor: number | undefined
  readonly redact: Redaction<unknown, unknown>
  call(request: unknown, context: OutsideContext): unknown
}

/** An external without its function that makes calls. */
export type AnyExternal = { readonly [Part in keyof External]: External[Part] }

const usualTimeLimit = 10_000
const usualLongest = 65_536
const mostLongest = 4_194_304

/**
 * Wraps what calls the outside: each call is journaled with its answer, so that a replay never calls again and the code that
 * calls can't tell. (Martin Fowler's gateway to external systems, in *Event Sourcing*.)
 *
 * @param name letters, digits, underscores and dashes: `exchange-rate`
 * @throws HeadwaterError `app.invalid`
 */
export function external<const Name extends string, Request extends Schema, Answer extends Schema>(
  name: Name,
  definition: ExternalDefinition<Request, Answer>,
): External<Name, OutputOf<Request>, OutputOf<Answer>, InputOf<Request>> {
  const { timeLimit = usualTimeLimit, retries = 0, longest = usualLongest, keepFor } = definition
  const refuse = (message: string): never => {
    throw new HeadwaterError('app.invalid', `External ${JSON.stringify(name)}: ${message}`)
  }
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(name))
    refuse('a name is made of letters, digits, underscores and dashes')
  if (!(timeLimit > 0 && timeLimit <= 2 ** 31 - 1)) refuse(`its time limit is ${timeLimit} ms`)
  if (!(Number.isInteger(retries) && retries >= 0)) refuse(`it is retried ${retries} times`)
  if (!(Number.isInteger(longest) && longest > 0 && longest <= mostLongest))
    refuse(`what is journaled is at most ${longest} long: up to ${mostLongest}`)
  if (keepFor !== undefined && !(keepFor > 0)) refuse(`its calls are kept for ${keepFor} ms`)
  const request = definition.request as Schema<unknown, OutputOf<Request>>
  const what = `The request to ${name}`
  const create = (given: InputOf<Request>): ExternalCall<Name, OutputOf<Request>, OutputOf<Answer>> =>
    Object.freeze({
      kind: 'external-call' as const,
      external: name,
      request: deepFreeze(parse(request, given, 'external.invalid-request', what)),
    })
  return Object.assign(create, {
    kind: 'external' as const,
    type: name,
    description: definition.description,
    request,
    answer: definition.answer as Schema<unknown, OutputOf<Answer>>,
    timeLimit,
    retries,
    longest,
    keepFor,
    redact: (definition.redact ?? {}) as Redaction<unknown, unknown>,
    call: definition.call as External['call'],
  })
}
