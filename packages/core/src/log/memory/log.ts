import { newId } from '../../message/identity.ts'
import {
  isAsExpected,
  mainBranch,
  newsOf,
  togetherOf,
  type AppendListener,
  type AppendedTogether,
  type AppendRequest,
  type AppendResult,
  type EventQuery,
  type EventRow,
  type Log,
  type LogHead,
  type LogPage,
  type LogQuery,
  type PositionsQuery,
  type StreamAppend,
  type StreamPage,
  type StreamQuery,
  type StreamsQuery,
  type StreamSummary,
  type TenantsQuery,
} from '../port.ts'
import { unknownBranch } from '../lineage.ts'
import type { MemoryCommandLog } from './commands.ts'
import type { MemoryDocuments } from './documents.ts'
import type { Gate } from './gate.ts'
import type { BranchBase } from '../branches.ts'
import { compareText } from '../order.ts'
import { noSql } from './no-sql.ts'
import type { FindEvent, MemoryViewVersions } from './view-versions.ts'
import { unstorableIn } from '../storable.ts'

interface StoredEvent {
  readonly row: EventRow
  readonly tags: readonly string[]
}

/** The history of main, or the tail of a branch. */
class Branch {
  /** The position and the time before its first event. */
  readonly base: number
  readonly #baseRecordedAt: number
  /** The event at position p stands at p - base - 1. */
  readonly events: StoredEvent[] = []
  /** The events of each stream, by tenant and name, without a gap. */
  readonly tenants = new Map<string, Map<string, EventRow[]>>()

  constructor(base = 0, baseRecordedAt = Number.NEGATIVE_INFINITY) {
    this.base = base
    this.#baseRecordedAt = baseRecordedAt
  }

  /** The last position. */
  get head(): number {
    return this.base + this.events.length
  }

  get recordedAt(): number {
    return this.events.at(-1)?.row.recordedAt ?? this.#baseRecordedAt
  }

  /** The events after a position. */
  after(position: number): readonly StoredEvent[] {
    return this.events.slice(Math.max(0, position - this.base))
  }

  streams(tenant: string): Map<string, EventRow[]> {
    let streams = this.tenants.get(tenant)
    if (streams === undefined) this.tenants.set(tenant, (streams = new Map()))
    return streams
  }

  /** The events of a stream, up to a position. */
  stream(tenant: string, name: string, to?: number): readonly EventRow[] {
    const events = this.tenants.get(tenant)?.get(name) ?? []
    return to === undefined ? events : events.filter(({ position }) => position <= to)
  }

  /** The last revision of a stream. */
  revision(tenant: string, { stream, inherited = 0 }: Pick<StreamAppend, 'stream' | 'inherited'>): number {
    return this.stream(tenant, stream).at(-1)?.revision ?? inherited
  }

  /** Takes back what was added after a position. */
  cut(head: number): void {
    for (const { row } of this.events.splice(head - this.base)) {
      const streams = this.streams(row.tenant)
      const events = streams.get(row.stream)
      events?.pop()
      if (events?.length === 0) streams.delete(row.stream)
    }
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
  readonly #viewVersions: MemoryViewVersions
  readonly #epoch = newId()
  readonly #branches = new Map([[mainBranch, new Branch()]])
  readonly #listeners = new Set<AppendListener>()

  constructor(
    gate: Gate,
    now: () => number,
    commands: MemoryCommandLog,
    documents: MemoryDocuments,
    viewVersions: MemoryViewVersions,
  ) {
    this.#gate = gate
    this.#now = now
    this.#commands = commands
    this.#documents = documents
    this.#viewVersions = viewVersions
  }

  async append(requests: readonly AppendRequest[]): Promise<AppendResult[]> {
    await this.#gate.pass()
    const results = requests.map((request) => this.#apply(request))
    this.#tell(requests, results)
    return results
  }

  async appendTogether(requests: readonly AppendRequest[]): Promise<AppendedTogether> {
    await this.#gate.pass()
    const undo: (() => void)[] = []
    let together: AppendedTogether | undefined
    try {
      const results: AppendResult[] = []
      for (const request of requests) {
        undo.push(this.#undoOf(request))
        const result = this.#apply(request)
        results.push(result)
        if (result.status !== 'appended') break
      }
      together = togetherOf(results)
      return together
    } finally {
      if (together?.status === 'appended') this.#tell(requests, together.results)
      else for (const back of undo.reverse()) back()
    }
  }

  async read({ branch, tenant, after, to, limit, types, query }: LogQuery): Promise<LogPage> {
    await this.#gate.pass()
    const known = this.#branches.get(branch) ?? nothing
    const head = known.events.length === 0 ? 0 : Math.min(known.head, to ?? known.head)
    const found: EventRow[] = []
    let scannedTo = after
    while (scannedTo < head && found.length < limit) {
      scannedTo = Math.max(scannedTo, known.base) + 1
      const event = known.events[scannedTo - known.base - 1]
      if (event === undefined) break
      if (tenant !== undefined && event.row.tenant !== tenant) continue
      if (types !== undefined && !types.includes(event.row.type)) continue
      if (query !== undefined && !matches(query, event)) continue
      found.push(event.row)
    }
    return { events: found, scannedTo, head }
  }

  async readStream({ branch, tenant, stream, after, to, limit }: StreamQuery): Promise<StreamPage> {
    await this.#gate.pass()
    const events = (this.#branches.get(branch) ?? nothing).stream(tenant, stream, to)
    const start = Math.max(0, after + 1 - (events[0]?.revision ?? 0))
    return { events: events.slice(start, start + limit), revision: events.at(-1)?.revision ?? 0 }
  }

  async readAt({ branch, positions }: PositionsQuery): Promise<EventRow[]> {
    await this.#gate.pass()
    const { base, events } = this.#branches.get(branch) ?? nothing
    return positions.flatMap((position) => events[position - base - 1]?.row ?? [])
  }

  async listStreams({ branch, tenant, prefix, after, to, limit }: StreamsQuery): Promise<StreamSummary[]> {
    await this.#gate.pass()
    const known = this.#branches.get(branch) ?? nothing
    return [...(known.tenants.get(tenant)?.keys() ?? [])]
      .map((stream) => ({ stream, revision: known.stream(tenant, stream, to).at(-1)?.revision ?? 0 }))
      .filter(({ revision }) => revision > 0)
      .filter(({ stream }) => stream.startsWith(prefix) && compareText(stream, after) > 0)
      .sort((one, other) => compareText(one.stream, other.stream))
      .slice(0, limit)
  }

  async listTenants({ branch, after, limit }: TenantsQuery): Promise<string[]> {
    await this.#gate.pass()
    return [...(this.#branches.get(branch) ?? nothing).tenants.entries()]
      .filter(([, streams]) => streams.size > 0)
      .map(([tenant]) => tenant)
      .filter((tenant) => after === undefined || compareText(tenant, after) > 0)
      .sort(compareText)
      .slice(0, limit)
  }

  async head(branch: number): Promise<LogHead> {
    await this.#gate.pass()
    const last = this.#branches.get(branch)?.events.at(-1)?.row
    return { epoch: this.#epoch, position: last?.position ?? 0, recordedAt: last?.recordedAt }
  }

  async positionAt(branch: number, recordedAt: number): Promise<number> {
    await this.#gate.pass()
    const { events } = this.#branches.get(branch) ?? nothing
    const found = events.find(({ row }) => row.recordedAt >= recordedAt)
    return found?.row.position ?? (events.at(-1)?.row.position ?? 0) + 1
  }

  onAppended(listener: AppendListener): () => void {
    // Wrapped, so that a listener that is given twice is called twice and stopped one by one.
    const own: AppendListener = (to) => listener(to)
    this.#listeners.add(own)
    return () => this.#listeners.delete(own)
  }

  /** In a turn of their own: a listener that throws fails no append. */
  #tell(requests: readonly AppendRequest[], results: readonly AppendResult[]): void {
    const news = newsOf(requests, results)
    if (news === undefined) return
    for (const listener of this.#listeners) queueMicrotask(() => listener(news.to))
  }

  /** Within a change of branches: where a branch stands; undefined: there is none. */
  end(branch: number): { readonly position: number; readonly recordedAt: number | undefined } | undefined {
    const known = this.#branches.get(branch)
    if (known === undefined) return undefined
    return { position: known.head, recordedAt: known.head === 0 ? undefined : known.recordedAt }
  }

  /** Within a change of branches: begins the tail of one. */
  begin(branch: number, { position, recordedAt }: Omit<BranchBase, 'sequence'>): void {
    this.#branches.set(branch, new Branch(position, recordedAt))
  }

  /** Within a change of branches. */
  forget(branch: number): void {
    this.#branches.delete(branch)
  }

  /** Within a change of the views' versions. */
  readonly findEvent: FindEvent = (branch, types, after) =>
    this.#branches
      .get(branch)
      ?.after(after)
      .find(({ row }) => types.includes(row.type))?.row.position

  /** Brings back what was there before a request, if it is recorded. */
  #undoOf(request: AppendRequest): () => void {
    const branch = this.#branches.get(request.branch)
    const head = branch?.head ?? 0
    const documents = this.#documents.undoOf(request.documents)
    const isKnown = this.#commands.has(request)
    return () => {
      branch?.cut(head)
      documents()
      if (!isKnown) this.#commands.remove(request)
    }
  }

  #apply(request: AppendRequest): AppendResult {
    try {
      return this.#decide(request)
    } catch (error) {
      return { status: 'failed', error: error instanceof Error ? error : new Error(String(error)) }
    }
  }

  /** Records a request, or says why it can't be. Everything that can throw comes before anything changes. */
  #decide(request: AppendRequest): AppendResult {
    if (request.command !== null && this.#commands.has(request)) return { status: 'duplicate' }
    const generation = this.#viewVersions.generation(request.branch)
    if (request.viewGeneration !== undefined && request.viewGeneration !== generation)
      return { status: 'views-changed', generation }
    if (request.recordedAt !== undefined && !Number.isSafeInteger(request.recordedAt))
      return { status: 'failed', error: new TypeError('The append was recorded at no time') }
    const unstorable = unstorableIn(request)
    if (unstorable !== undefined) return { status: 'failed', error: unstorable }
    const branch = this.#branches.get(request.branch)
    if (branch === undefined) return { status: 'failed', error: unknownBranch(request.branch) }
    for (const part of request.streams) {
      const { stream, expected, events } = part
      const actual = branch.revision(request.tenant, part)
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
      const excluded = branch
        .after(after)
        .find((event) => event.row.tenant === request.tenant && matches(query, event))
      if (excluded !== undefined) return { status: 'condition-failed', position: excluded.row.position }
    }
    if (request.statements !== undefined && request.statements.length > 0) throw noSql()
    const stale = request.documents.find((write) => !this.#documents.isAsExpected(write))
    return (
      (stale && { status: 'document-conflict', collection: stale.collection, key: stale.key }) ??
      this.#record(request, branch)
    )
  }

  #record(request: AppendRequest, branch: Branch): AppendResult {
    const recordedAt = Math.max(request.recordedAt ?? this.#now(), branch.recordedAt)
    const before = branch.head
    let ordinal = 0
    for (const part of request.streams) {
      for (const event of part.events) branch.add(stored(request, part, event, ++ordinal, recordedAt, branch))
    }
    const { head } = branch
    const position = ordinal === 0 ? undefined : before + 1
    for (const write of request.documents) this.#documents.write(write, head)
    this.#commands.add(request, { decidedAt: recordedAt, position: position ?? null, events: ordinal })
    const revisions = request.streams.map((part) => branch.revision(request.tenant, part))
    return { status: 'appended', position, recordedAt, revisions }
  }
}

/** A branch that isn't there. */
const nothing = new Branch()

function stored(
  { tenant, commandId, actor, correlationId, causationId }: AppendRequest,
  part: StreamAppend,
  { type, version, data, occurredAt, tags }: StreamAppend['events'][number],
  ordinal: number,
  recordedAt: number,
  branch: Branch,
): StoredEvent {
  const row = Object.freeze({
    position: branch.head + 1,
    tenant,
    stream: part.stream,
    revision: branch.revision(tenant, part) + 1,
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

function matches({ items }: EventQuery, { row, tags }: StoredEvent): boolean {
  return items.some(
    (item) =>
      (item.types === undefined || item.types.includes(row.type)) &&
      (item.tags ?? []).every((tag) => tags.includes(tag)),
  )
}
