import { before, type Lineages, type Segment } from './lineage.ts'
import { compareText } from './order.ts'
import type { Past } from './past.ts'
import {
  mainBranch,
  togetherOf,
  type AppendListener,
  type AppendedTogether,
  type AppendRequest,
  type AppendResult,
  type EventRow,
  type Log,
  type LogHead,
  type LogPage,
  type LogQuery,
  type PositionsQuery,
  type StreamPage,
  type StreamQuery,
  type StreamsQuery,
  type StreamSummary,
  type TenantsQuery,
} from './port.ts'

/**
 * The log of main and of all branches, over a store that keeps the tail of each: a branch's past is read from its parents.
 * Main takes the way that it takes without branches.
 */
export class BranchedLog implements Log {
  readonly #log: Log
  readonly #lineages: Lineages
  readonly #past: Past

  constructor(log: Log, lineages: Lineages, past: Past) {
    this.#log = log
    this.#lineages = lineages
    this.#past = past
  }

  append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    return requests.every(({ branch }) => branch === mainBranch)
      ? this.#log.append(requests)
      : this.#appendToBranches(requests)
  }

  async appendTogether(requests: readonly AppendRequest[]): Promise<AppendedTogether> {
    const ready: AppendRequest[] = []
    for (const [index, request] of requests.entries()) {
      const prepared = request.branch === mainBranch ? { request } : await this.#past.prepare(request)
      if ('request' in prepared) {
        ready.push(prepared.request)
        continue
      }
      const refused = togetherOf([await prepared.refuse()])
      // What the past refuses is refused, whatever becomes of the others.
      return refused.status === 'refused' ? { ...refused, index } : refused
    }
    return this.#log.appendTogether(ready)
  }

  /** What can be checked in the parents is checked before; a request that is refused there waits for those before it. */
  async #appendToBranches(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = []
    let ready: AppendRequest[] = []
    const flush = async (): Promise<void> => {
      if (ready.length > 0) results.push(...(await this.#log.append(ready)))
      ready = []
    }
    for (const request of requests) {
      const prepared = request.branch === mainBranch ? { request } : await this.#past.prepare(request)
      if ('request' in prepared) {
        ready.push(prepared.request)
        continue
      }
      await flush()
      results.push(await prepared.refuse())
    }
    await flush()
    return results
  }

  async read(query: LogQuery): Promise<LogPage> {
    if (query.branch === mainBranch) return this.#log.read(query)
    const lineage = await this.#lineages.of(query.branch)
    const events: EventRow[] = []
    let { scannedTo, head } = { scannedTo: query.after, head: lineage.base }
    for (const { branch, to } of cut(lineage.segments, query.to)) {
      const isTail = branch === query.branch
      if (scannedTo >= to && !isTail) continue
      const limit = query.limit - events.length
      const page = await this.#log.read({ ...query, branch, after: scannedTo, limit, ...bounded(to) })
      events.push(...page.events)
      scannedTo = Math.max(scannedTo, page.scannedTo)
      if (isTail) head = Math.max(head, page.head)
      else if (scannedTo < to || events.length >= query.limit) {
        head = (await this.head(query.branch)).position
        break
      }
    }
    return { events, scannedTo, head: Math.min(head, query.to ?? head) }
  }

  async readStream(query: StreamQuery): Promise<StreamPage> {
    if (query.branch === mainBranch) return this.#log.readStream(query)
    const { segments } = await this.#lineages.of(query.branch)
    return this.#streamOf(cut(segments, query.to), query)
  }

  async #streamOf(segments: readonly Segment[], query: StreamQuery): Promise<StreamPage> {
    const own = segments.at(-1)
    if (own === undefined) return { events: [], revision: 0 }
    const past = segments.slice(0, -1)
    const inherited = await this.#past.revision(past, query.tenant, query.stream)
    const old = query.after < inherited ? (await this.#streamOf(past, query)).events : []
    // A page that ends before the tail begins goes no further: the next one goes on from there.
    const isWhole = query.after >= inherited || old.at(-1)?.revision === inherited
    const after = isWhole ? Math.max(query.after, inherited) : Number.MAX_SAFE_INTEGER
    const limit = Math.max(1, query.limit - old.length)
    const page = await this.#log.readStream({
      ...query,
      branch: own.branch,
      after,
      limit,
      ...bounded(own.to),
    })
    const events = old.length < query.limit ? [...old, ...page.events] : old
    return { events, revision: Math.max(inherited, page.revision) }
  }

  /** A part that gives fewer than it has was too large for a page: what comes after it is for the next one. */
  async readAt({ branch, positions }: PositionsQuery): Promise<readonly EventRow[]> {
    if (branch === mainBranch) return this.#log.readAt({ branch, positions })
    const { segments } = await this.#lineages.of(branch)
    const events: EventRow[] = []
    let start = 0
    for (const { branch: part, to } of segments) {
      const own = positions.filter((position) => position > start && position <= to)
      const rows = own.length === 0 ? [] : await this.#log.readAt({ branch: part, positions: own })
      events.push(...rows)
      if (rows.length < own.length) break
      start = to
    }
    return events
  }

  async listStreams(query: StreamsQuery): Promise<readonly StreamSummary[]> {
    if (query.branch === mainBranch) return this.#log.listStreams(query)
    const { segments } = await this.#lineages.of(query.branch)
    const found = new Set<string>()
    for (const { branch, to } of cut(segments, query.to)) {
      for (const { stream } of await this.#log.listStreams({ ...query, branch, ...bounded(to) }))
        found.add(stream)
    }
    const names = [...found].sort(compareText).slice(0, query.limit)
    return Promise.all(names.map((stream) => this.#summary(query, stream)))
  }

  /** Its last revision may stand in a later part than the one that listed it. */
  async #summary({ branch, tenant, to }: StreamsQuery, stream: string): Promise<StreamSummary> {
    const end = { after: Number.MAX_SAFE_INTEGER, limit: 1, ...(to !== undefined && { to }) }
    const { revision } = await this.readStream({ branch, tenant, stream, ...end })
    return { stream, revision }
  }

  async listTenants(query: TenantsQuery): Promise<readonly string[]> {
    if (query.branch === mainBranch) return this.#log.listTenants(query)
    const { segments } = await this.#lineages.of(query.branch)
    const tenants = new Set<string>()
    for (const segment of segments)
      for (const tenant of await this.#tenantsOf(segment, query)) tenants.add(tenant)
    return [...tenants].sort(compareText).slice(0, query.limit)
  }

  /** Those that have an event in a part of the history, as many as are asked for. */
  async #tenantsOf({ branch, to }: Segment, { limit, ...query }: TenantsQuery): Promise<readonly string[]> {
    const tenants: string[] = []
    let { after } = query
    while (tenants.length < limit) {
      const listed = await this.#log.listTenants({ branch, after, limit })
      for (const tenant of listed) if (await this.#hasEvent(branch, tenant, to)) tenants.push(tenant)
      after = listed.at(-1)
      if (after === undefined || listed.length < limit) break
    }
    return tenants
  }

  async #hasEvent(branch: number, tenant: string, to: number): Promise<boolean> {
    for (let after = 0; ; ) {
      const page = await this.#log.read({ branch, tenant, after, limit: 1, ...bounded(to) })
      if (page.events.length > 0) return true
      if (page.scannedTo >= page.head) return false
      after = page.scannedTo
    }
  }

  async head(branch: number): Promise<LogHead> {
    if (branch === mainBranch) return this.#log.head(branch)
    const { base, baseRecordedAt } = await this.#lineages.of(branch)
    const { epoch, position, recordedAt } = await this.#log.head(branch)
    return position === 0
      ? { epoch, position: base, recordedAt: baseRecordedAt }
      : { epoch, position, recordedAt }
  }

  async positionAt(branch: number, recordedAt: number): Promise<number> {
    if (branch === mainBranch) return this.#log.positionAt(branch, recordedAt)
    const { segments, base } = await this.#lineages.of(branch)
    let start = 0
    for (const { branch: parent, to } of segments.slice(0, -1)) {
      // What has no event in a part says nothing of it.
      if (to === start) continue
      const position = await this.#log.positionAt(parent, recordedAt)
      if (position <= to) return position
      start = to
    }
    // A tail without an event doesn't know where it begins.
    return Math.max(base + 1, await this.#log.positionAt(branch, recordedAt))
  }

  onAppended(listener: AppendListener): () => void {
    return this.#log.onAppended(listener)
  }
}

/** The parts up to a position; undefined: all of them. */
function cut(segments: readonly Segment[], to: number | undefined): readonly Segment[] {
  return to === undefined ? segments : before(segments, to)
}

/** As a query says it: a tail has no end that has to be heeded. */
function bounded(to: number): { readonly to?: number } {
  return Number.isFinite(to) ? { to } : {}
}
