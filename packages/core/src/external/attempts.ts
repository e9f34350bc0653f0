import type { Clock } from '../log/clock.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AnyExternal, OutsideContext } from '../message/external.ts'
import { parse } from '../message/schema.ts'
import { messageOf } from './call-error.ts'

// Taken before a test can replace it by a fake one: a hanging call is given up by the machine's own time.
const { setTimeout: startTimer } = globalThis

/** Milliseconds before the second attempt; each further pause is twice as long. */
const firstPause = 100
const longestPause = 5_000

export interface AttemptsInput {
  readonly request: unknown
  readonly idempotencyKey: string
  readonly tenant: string
  /** How often it was tried before, by whomever. */
  readonly before: number
  /** Nobody waits for the answer any more. */
  readonly signal: AbortSignal
}

export type Attempted = { readonly attempts: number } & (
  | { readonly answer: unknown }
  | { readonly failure: HeadwaterError }
)

/**
 * Calls the outside, within its time and as often as it may be tried. What does not fit the schema is not asked for again.
 *
 * @throws the signal's reason when it is aborted
 */
export async function attempt(external: AnyExternal, input: AttemptsInput, clock: Clock): Promise<Attempted> {
  const { signal, before } = input
  let pause = firstPause
  for (let attempts = 1; ; attempts += 1) {
    signal.throwIfAborted()
    try {
      const given = await once(external, input, before + attempts)
      const what = `The answer of ${external.type}`
      return { attempts, answer: parse(external.answer, given, 'external.invalid-answer', what) }
    } catch (error) {
      signal.throwIfAborted()
      const failure = isOurs(error) ? error : failed(external, error)
      if (attempts > external.retries || isHeadwaterError(failure, 'external.invalid-answer'))
        return { attempts, failure }
    }
    await clock.sleep(pause, signal)
    pause = Math.min(2 * pause, longestPause)
  }
}

async function once(
  external: AnyExternal,
  { request, idempotencyKey, tenant, signal: given }: AttemptsInput,
  attempt: number,
): Promise<unknown> {
  const { type, timeLimit } = external
  const stop = new AbortController()
  const { promise: over, reject } = Promise.withResolvers<never>()
  const leave = (): void => reject(given.reason)
  const late = (): void =>
    reject(new HeadwaterError('external.timeout', `${type} had no answer within ${timeLimit} ms`))
  given.addEventListener('abort', leave, { once: true })
  const timer = startTimer(late, timeLimit)
  const context: OutsideContext = { idempotencyKey, tenant, attempt, signal: stop.signal }
  try {
    // What it answers after that, or throws, is nobody's.
    return await Promise.race([over, (async () => external.call(request, context))()])
  } finally {
    clearTimeout(timer)
    given.removeEventListener('abort', leave)
    stop.abort()
  }
}

function isOurs(error: unknown): error is HeadwaterError {
  return isHeadwaterError(error, 'external.timeout') || isHeadwaterError(error, 'external.invalid-answer')
}

function failed({ type, redact }: AnyExternal, thrown: unknown): HeadwaterError {
  const message = messageOf(thrown)
  return new HeadwaterError('external.failed', `${type} failed: ${redact.failure?.(message) ?? message}`)
}
