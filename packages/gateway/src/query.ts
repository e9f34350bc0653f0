import type { Moment } from '@headwater/core'
import type { FastifyRequest } from 'fastify'
import { type Fault, RequestError } from './problems.ts'

/** Parameters that later versions of Headwater will understand: better refused than answered as if they weren't there. */
const notYet: ReadonlyMap<string, string> = new Map([
  ['at', 'Reading as of a position or time is not supported yet'],
  ['known', 'Reading as of what was known is not supported yet'],
])

/**
 * Reads the query of a request. Every parameter must be one that the route knows: a misspelt `limit` that is silently
 * ignored gives a wrong answer. Faults are gathered; `done` throws them all.
 */
export class QueryReader {
  readonly #values: Readonly<Record<string, unknown>>
  readonly #faults: Fault[] = []
  #isUnsupported = false

  /** @param known the names of the parameters; `accepts` decides for those that aren't among them */
  constructor(
    request: FastifyRequest,
    known: ReadonlySet<string>,
    accepts: (name: string) => boolean = () => false,
  ) {
    this.#values = isRecord(request.query) ? request.query : {}
    for (const name in this.#values) {
      if (known.has(name) || accepts(name)) continue
      if (name === 'branch' && this.#values[name] === 'main') continue
      this.#refuseName(name)
    }
  }

  get all(): Readonly<Record<string, unknown>> {
    return this.#values
  }

  text(name: string): string | undefined {
    const value = this.#values[name]
    if (value === undefined || typeof value === 'string') return value
    this.refuse({ parameter: name, detail: 'It is given more than once' })
    return undefined
  }

  /** One of some words. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name)
    const word = words.find((candidate) => candidate === text)
    if (text !== undefined && word === undefined)
      this.refuse({ parameter: name, detail: `It is not one of ${words.join(', ')}` })
    return word
  }

  /** A list separated by commas; may also be given as several parameters. */
  list(name: string): readonly string[] | undefined {
    const value = this.#values[name]
    if (value === undefined) return undefined
    const items = (Array.isArray(value) ? value : [value]).flatMap((item) => String(item).split(','))
    const named = items.filter((item) => item !== '')
    return named.length === 0 ? undefined : named
  }

  integer(name: string, bounds: { readonly from: number; readonly to: number }): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (value >= bounds.from && value <= bounds.to) return value
    this.refuse({ parameter: name, detail: `It is not a whole number from ${bounds.from} to ${bounds.to}` })
    return undefined
  }

  /** A date, which is its midnight in UTC, or a time with its offset. */
  time(name: string): Date | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const time = new Date(isoTime.test(text) ? text : Number.NaN)
    if (!Number.isNaN(time.getTime())) return time
    this.refuse({ parameter: name, detail: 'It is no time in ISO 8601, such as 2018-02-01T12:00:00Z' })
    return undefined
  }

  /** A position, or a time as `time` takes it. */
  moment(name: string): Moment | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    if (/^\d+$/.test(text)) return this.position(name)
    return this.time(name)
  }

  /** On where it is given as `true`. */
  flag(name: string): boolean {
    const text = this.text(name)
    if (text !== undefined && text !== 'true' && text !== 'false')
      this.refuse({ parameter: name, detail: 'It is not true or false' })
    return text === 'true'
  }

  /** A position or revision: from 0. */
  position(name: string): number | undefined {
    return this.integer(name, { from: 0, to: Number.MAX_SAFE_INTEGER })
  }

  /** How many items a page has: 1 to 1,000, by default 100. */
  limit(): number {
    return this.integer('limit', { from: 1, to: 1_000 }) ?? 100
  }

  refuse(fault: Fault): void {
    this.#faults.push(fault)
  }

  /** @throws RequestError `request.malformed`, `request.unsupported` */
  done(): void {
    if (this.#faults.length === 0) return
    const code = this.#isUnsupported ? 'request.unsupported' : 'request.malformed'
    throw new RequestError(code, describe(this.#faults), { faults: this.#faults })
  }

  #refuseName(name: string): void {
    const later = name === 'branch' ? 'This route is about main alone' : notYet.get(name)
    if (later !== undefined) this.#isUnsupported = true
    this.refuse({ parameter: name, detail: later ?? 'This route has no such parameter' })
  }
}

function describe(faults: readonly Fault[]): string {
  return faults
    .map((fault) => ('parameter' in fault ? `${fault.parameter}: ${fault.detail}` : fault.detail))
    .join('; ')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** For routes without parameters of their own. */
export function refuseParameters(request: FastifyRequest): void {
  new QueryReader(request, none).done()
}

const none: ReadonlySet<string> = new Set()
export const isoTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/
