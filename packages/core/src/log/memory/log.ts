import { newId } from '../../message/identity.ts'
import type {
  AppendRequest,
  AppendResult,
  EventQuery,
  EventRow,
  Log,
  LogHead,
  LogPage,
  LogQuery,
  StreamAppend,
  StreamPage,
  StreamQuery,
  StreamsQuery,
  StreamSummary,
} from '../port.ts'
import type { MemoryCommandLog } from './commands.ts'
import type { MemoryDocuments } from './documents.ts'
import type { Gate } from './gate.ts'
import { compareText } from './order.ts'

interface StoredEvent {
  readonly row: EventRow
  readonly tags: readonly string[]
}

/** The history of one branch. */
class Branch {
  /** The event at position p stands at p - 1. */
  readonly events: StoredEvent[] = []
  /** The events of each stream, by tenant and name; that of revision r stands at r - 1. */
  readonly tenants = new Map<string, Map<string, EventRow[]>>()

  streams(tenant: string): Map<string, EventRow[]> {
    let streams = this.tenants.get(tenant)
    if (streams === undefined) this.tenants.set(tenant, (streams = new Map()))
    return streams
  }

  stream(tenant: string, name: string): readonly EventRow[] {
    return this.tenants.get(tenant)?.get(name) ?? []
  }

  add(event: StoredEvent): void {
    this.events.push(event)
    const streams = this.streams(event.row.tenant)
    const stream = streams.get(event.row.stream)
    if (stream === undefined) streams.set(event.row.stream, [event.row])
    else stream.push(event.row)
  }
}

export class MemoryLog implements Log {
  readonly #gate: Gate
  readonly #now: () => number
  readonly #commands: MemoryCommandLog
  readonly #documents: MemoryDocuments
  readonly #epoch = newId()
  readonly #branches = new Map<number, Branch>()
  readonly #listeners = new Set<() => void>()
  #lastTime = Number.NEGATIVE_INFINITY

  constructor(gate: Gate, now: () => number, commands: MemoryCommandLog, documents: MemoryDocuments) {
    this.#gate = gate
    this.#now = now
    this.#commands = commands
    this.#documents = documents
  }

  async append(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    await this.#gate.pass()
    const results = requests.map((request) => this.#apply(request))
    // In a turn of their own: a listener that throws fails no append.
    for (const listener of this.#listeners) queueMicrotask(listener)
    return results
  }

  async read({ branch, tenant, after, limit, types, query }: LogQuery): Promise<LogPage> {
    await this.#gate.pass()
    const { events } = this.#branch(branch)
    const found: EventRow[] = []
    let scannedTo = after
    while (scannedTo < events.length && found.length < limit) {
      const event = events[scannedTo++]
      if (event === undefined) break
      if (tenant !== undefined && event.row.tenant !== tenant) continue
      if (types !== undefined && !types.includes(event.row.type)) continue
      if (query !== undefined && !matches(query, event)) continue
      found.push(event.row)
    }
    return { events: found, scannedTo, head: events.length }
  }

  async readStream({ branch, tenant, stream, after, limit }: StreamQuery): Promise<StreamPage> {
    await this.#gate.pass()
    const events = this.#branch(branch).stream(tenant, stream)
    return { events: events.slice(after, after + limit), revision: events.length }
  }

  async listStreams({ branch, tenant, prefix, after, limit }: StreamsQuery): Promise<StreamSummary[]> {
    await this.#gate.pass()
    return [...this.#branch(branch).streams(tenant)]
      .map(([stream, events]) => ({ stream, revision: events.length }))
      .filter(({ stream }) => stream.startsWith(prefix) && compareText(stream, after) > 0)
      .sort((one, other) => compareText(one.stream, other.stream))
      .slice(0, limit)
  }

  async head(branch: number): Promise<LogHead> {
    await this.#gate.pass()
    const { events } = this.#branch(branch)
    return { epoch: this.#epoch, position: events.length, recordedAt: events.at(-1)?.row.recordedAt }
  }

  async positionAt(branch: number, recordedAt: number): Promise<number> {
    await this.#gate.pass()
    const { events } = this.#branch(branch)
    const index = events.findIndex(({ row }) => row.recordedAt >= recordedAt)
    return index < 0 ? events.length + 1 : index + 1
  }

  onAppended(listener: () => void): () => void {
    // Wrapped, so that a listener that is given twice is called twice and stopped one by one.
    const own = (): void => listener()
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  #apply(request: AppendRequest): AppendResult {
    try {
      return this.#refusal(request) ?? this.#record(request)
    } catch (error) {
      return { status: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  /** Why a request can't be recorded; undefined: it can. Everything that can throw is here, before anything changes. */
  #refusal(request: AppendRequest): AppendResult | undefined {
    if (request.command !== null && this.#commands.has(request)) return { status: 'duplicate' }
    const branch = this.#branch(request.branch)
    for (const { stream, expected, events } of request.streams) {
      const actual = branch.stream(request.tenant, stream).length
      if (!isAsExpected(expected, actual)) return { status: 'conflict', stream, expected, actual }
      const timeless = events.find(({ occurredAt }) => !Number.isFinite(occurredAt))
      if (timeless !== undefined) {
        return {
          status: 'failed',
          error: new TypeError(`Event ${timeless.type} of ${stream} occurred at no time`),
        }
      }
    }
    for (const { query, after } of request.conditions) {
      const excluded = branch.events
        .slice(after)
        .find((event) => event.row.tenant === request.tenant && matches(query, event))
      if (excluded !== undefined) return { status: 'condition-failed', position: excluded.row.position }
    }
    const stale = request.documents.find((write) => !this.#documents.isAsExpected(write))
    return stale && { status: 'document-conflict', collection: stale.collection, key: stale.key }
  }

  #record(request: AppendRequest): AppendResult {
    const branch = this.#branch(request.branch)
    const recordedAt = Math.max(this.#now(), this.#lastTime)
    this.#lastTime = recordedAt
    const before = branch.events.length
    let ordinal = 0
    for (const part of request.streams) {
      for (const event of part.events) branch.add(stored(request, part, event, ++ordinal, recordedAt, branch))
    }
    const head = branch.events.length
    const position = ordinal === 0 ? undefined : before + 1
    for (const write of request.documents) this.#documents.write(write, head)
    this.#commands.add(request, { decidedAt: recordedAt, position: position ?? null, events: ordinal })
    const revisions = request.streams.map(({ stream }) => branch.stream(request.tenant, stream).length)
    return { status: 'appended', position, recordedAt, revisions }
  }

  #branch(id: number): Branch {
    let branch = this.#branches.get(id)
    if (branch === undefined) this.#branches.set(id, (branch = new Branch()))
    return branch
  }
}

function stored(
  { tenant, commandId, actor, correlationId, causationId }: AppendRequest,
  { stream }: StreamAppend,
  { type, version, data, occurredAt, tags }: StreamAppend['events'][number],
  ordinal: number,
  recordedAt: number,
  branch: Branch,
): StoredEvent {
  const row = Object.freeze({
    position: branch.events.length + 1,
    tenant,
    stream,
    revision: branch.stream(tenant, stream).length + 1,
    type,
    version,
    commandId,
    ordinal,
    recordedAt,
    occurredAt,
    actor,
    correlationId,
    causationId,
    data: typeof data === 'string' ? data : data.slice(),
  })
  return { row, tags: [...tags] }
}

function isAsExpected(expected: StreamAppend['expected'], actual: number): boolean {
  switch (expected) {
    case 'any':
      return true
    case 'none':
      return actual === 0
    case 'exists':
      return actual > 0
    default:
      return actual === expected
  }
}

function matches({ items }: EventQuery, { row, tags }: StoredEvent): boolean {
  return items.some(
    (item) =>
      (item.types === undefined || item.types.includes(row.type)) &&
      (item.tags ?? []).every((tag) => tags.includes(tag)),
  )
}
