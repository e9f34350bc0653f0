import type { CallOutside } from '../external/calls.ts'
import type { Clock } from '../log/clock.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { parse } from '../message/schema.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { QueryOptions } from './context.ts'
import type { QueryInFlight, QueryInterceptor } from './interceptor.ts'
import type { QueryMessage } from './message.ts'
import type { AnyQueryType } from './query.ts'
import { whileReading } from './reading.ts'
import { Reads } from './reads.ts'
import type { Sources } from './sources.ts'

export interface QueriesParts {
  readonly queries: ReadonlyMap<string, AnyQueryType>
  readonly interceptors: readonly QueryInterceptor[]
  readonly sources: Sources
  readonly clock: Clock
  /** How a query of a type calls the outside, until it is given up; as of a time, what was answered by then. */
  readonly outside: (type: string, tenant: string, signal: AbortSignal, asOf: Date | undefined) => CallOutside
  readonly closing: AbortSignal
}

/** Answers queries: permitted, within their time, with nothing but reads. */
export class Queries {
  readonly #parts: QueriesParts
  readonly #answer: (inFlight: QueryInFlight) => Promise<unknown>

  constructor(parts: QueriesParts) {
    this.#parts = parts
    this.#answer = parts.interceptors.reduceRight<(inFlight: QueryInFlight) => Promise<unknown>>(
      (next, interceptor) => (inFlight) => interceptor(inFlight, next),
      ({ query, options }) => this.#handle(query, options),
    )
  }

  /** @throws HeadwaterError as `Headwater.query` says */
  async ask(query: QueryMessage, options: QueryOptions = {}): Promise<unknown> {
    this.#typeOf(query.type)
    return this.#answer({ query, options: { ...options, tenant: tenantNamed(options.tenant) } })
  }

  /** A query that comes from outside. */
  async askRaw(type: string, input: unknown, options?: QueryOptions): Promise<unknown> {
    const { input: schema } = this.#typeOf(type)
    return this.ask(
      { kind: 'query', type, input: parse(schema, input, 'query.invalid', `Query ${type}`) },
      options,
    )
  }

  async #handle({ type: name, input }: QueryMessage, options: QueryOptions): Promise<unknown> {
    const type = this.#typeOf(name)
    const actor = options.actor ?? null
    const permission = type.authorize(actor, input)
    if (permission !== true) {
      const why =
        typeof permission === 'string' ? permission : `${actor ?? 'An anonymous actor'} may not ask ${name}`
      throw new HeadwaterError('query.forbidden', why)
    }
    const answer = await this.#withinTime(type, options, (signal) => this.#call(type, input, options, signal))
    if (type.output === undefined) return answer
    return parse(type.output, answer, 'query.invalid-answer', `The answer to ${name}`)
  }

  async #call(
    type: AnyQueryType,
    input: unknown,
    options: QueryOptions,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { sources, clock, outside } = this.#parts
    const { at } = options
    const tenant = tenantNamed(options.tenant)
    const now = at === undefined ? new Date(clock.now()) : await sources.time(at)
    const waitFor = options.waitFor === 'head' ? await sources.head() : options.waitFor
    const context = new Reads({
      sources,
      actor: options.actor ?? null,
      tenant,
      now,
      waitFor,
      at,
      timeLimit: options.timeLimit ?? type.timeLimit,
      signal,
      call: outside(type.type, tenant, signal, at === undefined ? undefined : now),
      ask: (query) => this.ask(query, { ...options, signal, ...(waitFor !== undefined && { waitFor }) }),
    })
    try {
      return await whileReading(type.type, () => type.handle(input, context))
    } catch (cause) {
      if (isHeadwaterError(cause)) throw cause
      throw new HeadwaterError('query.failed', `Query ${type.type} failed: ${messageOf(cause)}`, { cause })
    }
  }

  /** Answers are not waited for longer than they may take; what the handler goes on with is told by its signal. */
  async #withinTime(
    { type, timeLimit: usual }: AnyQueryType,
    { timeLimit = usual, signal }: QueryOptions,
    answer: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<unknown> {
    const given = [this.#parts.closing, ...(signal === undefined ? [] : [signal])]
    const stop = new AbortController()
    const { promise: over, reject } = Promise.withResolvers<never>()
    const giveUp = (why: string) => (): void => {
      stop.abort()
      reject(new HeadwaterError('query.timeout', `Query ${type} was given up: ${why}`))
    }
    const leave = giveUp('nobody waits for its answer any more')
    const timer = setTimeout(giveUp(`${timeLimit} ms have passed`), timeLimit)
    for (const one of given) one.addEventListener('abort', leave, { once: true })
    try {
      if (given.some(({ aborted }) => aborted)) leave()
      return await Promise.race([over, answer(stop.signal)])
    } finally {
      clearTimeout(timer)
      for (const one of given) one.removeEventListener('abort', leave)
      stop.abort()
    }
  }

  /** @throws HeadwaterError `query.unknown` */
  #typeOf(name: string): AnyQueryType {
    const type = this.#parts.queries.get(name)
    if (type !== undefined) return type
    throw new HeadwaterError('query.unknown', `There is no query named ${name}`, { details: { query: name } })
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
