import { type EventRow, type Log, mainBranch } from '../../log/port.ts'
import { turn } from '../../process/turns.ts'

/** The events that a debugger goes through, in both directions. */
export interface Walk {
  /** The first one after a position, of these types only where they are given. */
  next(after: number, types?: readonly string[]): Promise<EventRow | undefined>
  /** The last one before a position. */
  previous(before: number, types?: readonly string[]): Promise<EventRow | undefined>
}

/** Looking backwards, so many positions are read at first; then twice as many each time. */
const firstWindow = 64
const largestWindow = 16_384
const pageSize = 500

/** Through the log of a tenant. */
export class LogWalk implements Walk {
  readonly #log: Log
  readonly #tenant: string
  readonly #types: readonly string[] | undefined

  constructor(log: Log, tenant: string, types: readonly string[] | undefined) {
    this.#log = log
    this.#tenant = tenant
    this.#types = types
  }

  async next(after: number, types = this.#types): Promise<EventRow | undefined> {
    for (let from = after; ; ) {
      const { events, scannedTo, head } = await this.#read(from, 1, types)
      if (events[0] !== undefined || scannedTo >= head) return events[0]
      from = scannedTo
      await turn()
    }
  }

  async previous(before: number, types = this.#types): Promise<EventRow | undefined> {
    let end = before
    for (let window = firstWindow; end > 1; window = Math.min(2 * window, largestWindow)) {
      const start = Math.max(0, end - 1 - window)
      const found = await this.#last(start, end - 1, types)
      if (found !== undefined) return found
      end = start + 1
      await turn()
    }
    return undefined
  }

  /** The last one after a position and up to another. */
  async #last(
    after: number,
    to: number,
    types: readonly string[] | undefined,
  ): Promise<EventRow | undefined> {
    let last: EventRow | undefined
    for (let from = after; from < to; ) {
      const { events, scannedTo } = await this.#read(from, pageSize, types, to)
      last = events.at(-1) ?? last
      if (scannedTo <= from) break
      from = scannedTo
    }
    return last
  }

  #read(after: number, limit: number, types: readonly string[] | undefined, to?: number) {
    return this.#log.read({
      branch: mainBranch,
      tenant: this.#tenant,
      after,
      limit,
      ...(types !== undefined && { types }),
      ...(to !== undefined && { to }),
    })
  }
}

/** Through some streams, in the order of the log. */
export class StreamsWalk implements Walk {
  readonly #log: Log
  readonly #tenant: string
  readonly #streams: readonly string[]
  readonly #types: readonly string[] | undefined

  constructor(log: Log, tenant: string, streams: readonly string[], types: readonly string[] | undefined) {
    this.#log = log
    this.#tenant = tenant
    this.#streams = streams
    this.#types = types
  }

  async next(after: number, types = this.#types): Promise<EventRow | undefined> {
    const found = await Promise.all(this.#streams.map((stream) => this.#nextOf(stream, after, types)))
    return found.reduce((one, other) => {
      if (one === undefined || other === undefined) return one ?? other
      return other.position < one.position ? other : one
    }, undefined)
  }

  async previous(before: number, types = this.#types): Promise<EventRow | undefined> {
    const found = await Promise.all(this.#streams.map((stream) => this.#previousOf(stream, before, types)))
    return found.reduce((one, other) => {
      if (one === undefined || other === undefined) return one ?? other
      return other.position > one.position ? other : one
    }, undefined)
  }

  async #nextOf(stream: string, after: number, types: readonly string[] | undefined) {
    for (let revision = await this.#revision(stream, after); ; ) {
      const events = await this.#read(stream, revision, pageSize)
      const found = events.find(({ type }) => types === undefined || types.includes(type))
      const last = events.at(-1)
      if (found !== undefined || last === undefined) return found
      revision = last.revision
      await turn()
    }
  }

  async #previousOf(stream: string, before: number, types: readonly string[] | undefined) {
    const window = types === undefined ? 1 : pageSize
    for (let end = await this.#revision(stream, before - 1); end > 0; end -= window) {
      const start = Math.max(0, end - window)
      const events = await this.#read(stream, start, end - start)
      const found = events.findLast(({ type }) => types === undefined || types.includes(type))
      if (found !== undefined) return found
      await turn()
    }
    return undefined
  }

  /** The stream's last revision up to a position. */
  async #revision(stream: string, position: number): Promise<number> {
    if (position <= 0) return 0
    const query = { branch: mainBranch, tenant: this.#tenant, stream, after: Number.MAX_SAFE_INTEGER }
    return (await this.#log.readStream({ ...query, limit: 1, to: position })).revision
  }

  async #read(stream: string, after: number, limit: number): Promise<readonly EventRow[]> {
    const query = { branch: mainBranch, tenant: this.#tenant, stream, after, limit }
    return (await this.#log.readStream(query)).events
  }
}

/** Through events that are known by their positions, in ascending order. */
export class ListWalk implements Walk {
  readonly #log: Log
  readonly #found: readonly { readonly position: number; readonly type: string }[]

  constructor(log: Log, found: readonly { readonly position: number; readonly type: string }[]) {
    this.#log = log
    this.#found = found
  }

  async next(after: number, types?: readonly string[]): Promise<EventRow | undefined> {
    return this.#at(this.#found.find((one) => one.position > after && isOf(one, types)))
  }

  async previous(before: number, types?: readonly string[]): Promise<EventRow | undefined> {
    return this.#at(this.#found.findLast((one) => one.position < before && isOf(one, types)))
  }

  async #at(found: { readonly position: number } | undefined): Promise<EventRow | undefined> {
    if (found === undefined) return undefined
    return (await this.#log.readAt({ branch: mainBranch, positions: [found.position] }))[0]
  }
}

function isOf({ type }: { readonly type: string }, types: readonly string[] | undefined): boolean {
  return types === undefined || types.includes(type)
}
