import assert from 'node:assert/strict'
import type { EventRow, Log, LogPage } from '@headwater/core'

export interface Chase {
  readonly limit: number
  /** Where the log ends; undefined as long as nobody knows. */
  readonly until: () => number | undefined
  readonly branch?: number
}

/** Reads the log while it is written, and checks on every page that nothing is missing, early or out of order. */
export async function chase(log: Log, { limit, until, branch = 0 }: Chase): Promise<readonly EventRow[]> {
  const history = new History()
  for (;;) {
    const end = until()
    if (end !== undefined && history.position >= end) return history.events
    const page = await log.read({ branch, tenant: undefined, after: history.position, limit })
    history.add(page, limit)
    if (page.events.length === 0) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** What a reader of the whole log has read so far. */
export class History {
  readonly events: EventRow[] = []
  readonly #revisions = new Map<string, number>()

  get position(): number {
    return this.events.length
  }

  add({ events, scannedTo, head }: LogPage, limit = Number.POSITIVE_INFINITY): void {
    assert.ok(events.length <= limit, `a page of at most ${limit} events has ${events.length}`)
    for (const event of events) this.#addEvent(event)
    assert.equal(scannedTo, this.position, 'a page without a filter is scanned to its last event')
    assert.ok(head >= scannedTo, 'the head is not behind what was scanned')
    assert.ok(events.length > 0 || head === scannedTo, 'a page that ends short of the head goes on')
  }

  #addEvent(event: EventRow): void {
    assert.equal(event.position, this.position + 1, 'positions have no gap')
    const stream = JSON.stringify([event.tenant, event.stream])
    const revision = (this.#revisions.get(stream) ?? 0) + 1
    assert.equal(event.revision, revision, `revisions of ${event.stream} have no gap`)
    const before = this.events.at(-1)?.recordedAt ?? Number.NEGATIVE_INFINITY
    assert.ok(event.recordedAt >= before, 'recorded times do not go backwards')
    this.#revisions.set(stream, revision)
    this.events.push(event)
  }
}
