import { isAmendment } from '../../amend/amendment.ts'
import { type EventRow, type Log, mainBranch } from '../../log/port.ts'

const pageSize = 200

/** Goes along a stream, from its first record on, and reads ahead. */
export class StreamRows {
  readonly #log: Pick<Log, 'readStream'>
  readonly #tenant: string
  readonly #stream: string
  #page: readonly EventRow[] = []
  #index = 0
  #after = 0
  #hasEnded = false

  constructor(log: Pick<Log, 'readStream'>, tenant: string, stream: string) {
    this.#log = log
    this.#tenant = tenant
    this.#stream = stream
  }

  /** The next record; undefined: there was no further one when it was looked for. */
  async peek(): Promise<EventRow | undefined> {
    if (this.#index < this.#page.length || this.#hasEnded) return this.#page[this.#index]
    const query = { branch: mainBranch, tenant: this.#tenant, stream: this.#stream }
    const { events } = await this.#log.readStream({ ...query, after: this.#after, limit: pageSize })
    this.#page = events
    this.#index = 0
    this.#after = events.at(-1)?.revision ?? this.#after
    this.#hasEnded = events.length === 0
    return events[0]
  }

  /** The next record that is no amendment. */
  async peekFact(): Promise<EventRow | undefined> {
    for (let row = await this.peek(); row !== undefined; row = await this.peek()) {
      if (!isAmendment(row)) return row
      this.take()
    }
    return undefined
  }

  take(): void {
    this.#index += 1
  }
}
