import { type Fault, RequestError } from './problems.ts'
import { isoTime } from './query.ts'

/** Reads an object that came as a body, field by field, as a `QueryReader` reads a query; none that is not asked for. */
export class BodyReader {
  readonly #values: ReadonlyMap<string, unknown>
  readonly #faults: Fault[] = []
  readonly #known = new Set<string>()
  readonly #place: string

  /** @param place where it stands in the body, as a JSON pointer; default: it is the body */
  constructor(body: unknown, place = '') {
    this.#place = place
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
    this.#values = new Map(isObject ? Object.entries(body) : [])
    if (!isObject && body !== undefined) this.refuse('', 'It is not an object')
  }

  /** Any JSON that has to be there. */
  value(name: string): unknown {
    this.#known.add(name)
    if (!this.#values.has(name)) this.refuse(name, 'It is missing')
    return this.#values.get(name)
  }

  has(name: string): boolean {
    this.#known.add(name)
    return this.#values.has(name)
  }

  /** A text of 1 to `longest` characters. */
  text(name: string, longest: number): string | undefined {
    const value = this.#optional(name)
    if (value === undefined) return undefined
    if (typeof value === 'string' && value !== '' && value.length <= longest) return value
    this.refuse(name, `It is not a text of 1 to ${longest} characters`)
    return undefined
  }

  /** The same; empty where it is missing, which is refused. */
  requiredText(name: string, longest: number): string {
    if (!this.#values.has(name)) this.refuse(name, 'It is missing')
    return this.text(name, longest) ?? ''
  }

  position(name: string): number | undefined {
    const value = this.#optional(name)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    this.refuse(name, 'It is not a whole number from 0')
    return undefined
  }

  /** ISO 8601. */
  time(name: string): Date | undefined {
    const value = this.#optional(name)
    if (value === undefined) return undefined
    const time = typeof value === 'string' && isoTime.test(value) ? new Date(value) : undefined
    if (time !== undefined && !Number.isNaN(time.getTime())) return time
    this.refuse(name, 'It is not a time such as 2010-12-02T09:30:00Z')
    return undefined
  }

  flag(name: string): boolean {
    const value = this.#optional(name)
    if (value !== undefined && typeof value !== 'boolean') this.refuse(name, 'It is not true or false')
    return value === true
  }

  refuse(name: string, detail: string): void {
    this.#faults.push({ pointer: name === '' ? this.#place : `${this.#place}/${name}`, detail })
  }

  /** @throws RequestError `request.malformed` */
  done(): void {
    for (const name of this.#values.keys())
      if (!this.#known.has(name)) this.refuse(name, `There are ${[...this.#known].join(', ') || 'no fields'}`)
    if (this.#faults.length === 0) return
    throw new RequestError('request.malformed', 'The body is not understood', { faults: this.#faults })
  }

  #optional(name: string): unknown {
    this.#known.add(name)
    return this.#values.get(name)
  }
}
