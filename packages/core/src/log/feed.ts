import type { RecordedEvent } from '../message/recorded.ts'
import type { EventReader } from './event-reader.ts'
import { rowsOf } from './rows.ts'
import {
  mainBranch,
  type AppendRequest,
  type AppendResult,
  type EventQuery,
  type EventRow,
  type Log,
} from './port.ts'

export interface FeedOptions {
  /** Events kept in memory for readers at the end of the log. Default 8,192. */
  readonly events?: number
  /** Bytes of payload kept for them. Default 32 MiB. */
  readonly bytes?: number
}

export interface FeedQuery {
  readonly after: number
  readonly limit: number
  readonly tenant: string | undefined
  readonly types: ReadonlySet<string> | undefined
  readonly query: EventQuery | undefined
}

export interface FeedPage {
  readonly events: readonly RecordedEvent[]
  readonly scannedTo: number
  readonly head: number
  /** The id of the event at `scannedTo`, where it is at hand. */
  readonly lastId: string | undefined
}

/**
 * One reader of the log's end for the whole process. What was just appended, here or elsewhere, is kept for a while, so
 * that any number of processors and clients who are up to date share one decoded copy and don't ask the database.
 */
export class LogFeed {
  readonly #log: Log
  readonly #reader: EventReader
  readonly #limits: Required<FeedOptions>
  /** The events of positions `#first` … `#last`, without a gap. */
  #tail: { event: RecordedEvent; size: number }[] = []
  #last: number
  #bytes = 0
  #waiting = new Set<() => void>()
  #refreshing: Promise<void> | undefined
  /** A position that the log has reached, as others have told. */
  #told = 0
  #settling: NodeJS.Immediate | undefined
  /** Whether the log may go on further than was told. */
  #mayGoOn = false
  readonly #stop: () => void
  readonly #onError: (error: unknown) => void

  constructor(
    log: Log,
    reader: EventReader,
    head: number,
    onError: (error: unknown) => void,
    options: FeedOptions = {},
  ) {
    this.#log = log
    this.#reader = reader
    this.#last = head
    this.#onError = onError
    this.#limits = { events: options.events ?? 8_192, bytes: options.bytes ?? 32 * 1024 * 1024 }
    this.#stop = log.onAppended((to) => (to === undefined ? this.#ask() : this.#hear(to)))
  }

  /** The last position that this process knows of. */
  get head(): number {
    return this.#last
  }

  decode(row: EventRow): RecordedEvent {
    return this.#reader.read(row)
  }

  /** Takes over what a flush of this process recorded. */
  readonly offer = (requests: readonly AppendRequest[], results: readonly AppendResult[]): void => {
    const events: { event: RecordedEvent; size: number; position: number }[] = []
    requests.forEach((request, index) => {
      const result = results[index]
      if (result?.status !== 'appended' || result.position === undefined || request.branch !== mainBranch)
        return
      for (const row of rowsOf(request, result.position, result.recordedAt, result.revisions)) {
        events.push({ event: this.decode(row), size: row.data.length, position: row.position })
      }
    })
    events.sort((one, other) => one.position - other.position)
    for (const { event, size, position } of events) {
      if (position <= this.#last) continue
      // Another process appended in between: the database knows what.
      if (position > this.#last + 1) {
        this.#told = Math.max(this.#told, position)
        return this.#refresh()
      }
      this.#push(event, size)
    }
    if (events.length > 0) this.#wake()
  }

  /** Events that are still in memory; undefined where one of them isn't. */
  recent(position: number, count: number): readonly RecordedEvent[] | undefined {
    const start = position - 1 - (this.#last - this.#tail.length)
    if (start < 0 || start + count > this.#tail.length) return undefined
    return this.#tail.slice(start, start + count).map(({ event }) => event)
  }

  async read(query: FeedQuery): Promise<FeedPage> {
    // Tags are not kept with events, so the query of a boundary is answered by the database.
    const isInTail = query.after >= this.#last - this.#tail.length
    if (isInTail && query.query === undefined) return this.#readTail(query)
    const page = await this.#log.read({
      branch: mainBranch,
      tenant: query.tenant,
      after: query.after,
      limit: query.limit,
      ...(query.types && { types: [...query.types] }),
      ...(query.query && { query: query.query }),
    })
    const last = page.events.at(-1)
    const lastId = last !== undefined && last.position === page.scannedTo ? this.decode(last).id : undefined
    return {
      events: page.events.map((row) => this.decode(row)),
      scannedTo: page.scannedTo,
      head: page.head,
      lastId,
    }
  }

  /** Resolves when the log goes beyond a position, or the signal is aborted. */
  async wait(position: number, signal: AbortSignal): Promise<void> {
    if (this.#last > position || signal.aborted) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }

  async close(): Promise<void> {
    this.#stop()
    clearImmediate(this.#settling)
    this.#wake()
    await this.#refreshing
  }

  #readTail({ after, limit, tenant, types }: FeedQuery): FeedPage {
    const events: RecordedEvent[] = []
    const start = this.#last - this.#tail.length
    let position = Math.max(after, start)
    let lastId: string | undefined
    while (position < this.#last && events.length < limit) {
      const event = this.#tail[position - start]?.event
      if (event === undefined) break
      position += 1
      if (tenant !== undefined && event.tenant !== tenant) continue
      if (types !== undefined && !types.has(event.type)) continue
      events.push(event)
    }
    if (position > after) lastId = this.#tail[position - start - 1]?.event.id
    return { events, scannedTo: Math.max(position, after), head: this.#last, lastId }
  }

  #push(event: RecordedEvent, size: number): void {
    this.#tail.push({ event, size })
    this.#bytes += size
    this.#last += 1
    // Trimmed in bulk: shifting one by one would cost as much as the array is long.
    if (this.#tail.length >= 2 * this.#limits.events || this.#bytes > 2 * this.#limits.bytes) this.#trim()
  }

  #trim(): void {
    let drop = Math.max(0, this.#tail.length - this.#limits.events)
    for (const { size } of this.#tail.slice(0, drop)) this.#bytes -= size
    while (this.#bytes > this.#limits.bytes && drop < this.#tail.length)
      this.#bytes -= this.#tail[drop++]?.size ?? 0
    this.#tail = this.#tail.slice(drop)
  }

  /** The log has reached a position by an append of this process: what this feed is not offered it has to read. */
  #hear(to: number): void {
    this.#told = Math.max(this.#told, to)
    // In the next turn what is offered has been offered: then nothing is left to read.
    this.#settling ??= setImmediate(() => {
      this.#settling = undefined
      if (this.#told > this.#last) this.#refresh()
    })
  }

  #ask(): void {
    this.#mayGoOn = true
    this.#refresh()
  }

  #refresh(): void {
    this.#refreshing ??= this.#catchUp()
      .catch(this.#onError)
      .finally(() => {
        this.#refreshing = undefined
      })
  }

  async #catchUp(): Promise<void> {
    while (this.#mayGoOn || this.#told > this.#last) {
      if (this.#mayGoOn) {
        this.#mayGoOn = false
        const { position } = await this.#log.head(mainBranch)
        this.#told = Math.max(this.#told, position)
      }
      const position = this.#told
      if (position <= this.#last) continue
      if (position - this.#last > this.#limits.events) this.#skipTo(position)
      while (this.#last < position) {
        const after = this.#last
        const page = await this.#log.read({ branch: mainBranch, tenant: undefined, after, limit: 1_000 })
        for (const row of page.events)
          if (row.position === this.#last + 1) this.#push(this.decode(row), row.data.length)
        if (this.#last > after) continue
        // It isn't there: this is another history than that of who told.
        this.#told = after
        break
      }
      this.#wake()
    }
  }

  #skipTo(position: number): void {
    this.#tail = []
    this.#bytes = 0
    this.#last = position
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    for (const done of waiting) done()
  }
}
