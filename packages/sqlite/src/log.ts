import {
  type AppendCondition,
  type AppendedTogether,
  type AppendListener,
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
  type StreamSummary,
  type StreamsQuery,
  type TenantsQuery,
  appendStorable,
  requireStorable,
} from '@headwater/core'
import { newsOf } from '@headwater/core/port'
import type { Changes } from './changes.ts'
import type { Statement } from './database.ts'
import { type EventColumns, eventColumns, largestPage, takePage } from './event-row.ts'
import { LogQueries } from './log-query.ts'
import { Matcher } from './matcher.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import { StreamRevisions } from './stream-revisions.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('log')

/** An append's condition that leaves more of the log to check than this is checked before the append has the lock. */
const shortTail = 2_000
/** So much of it at a time, so that it doesn't block the thread for long. */
const checkedAtOnce = 20_000
/** So many streams are looked at in one call, for the same reason. */
const listedAtOnce = 2_000

export class SqliteLog implements Log {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #changes: Changes
  readonly #history: Statement<[number], [string, number | null, number | null]>
  readonly #head: Statement<[number], [number, number]>
  readonly #first: Statement<[number], number>
  readonly #recordedAt: Statement<[number, number], number>
  readonly #revisions: StreamRevisions
  readonly #readStream: Statement<[number, string, string, number, number, number], EventColumns>
  readonly #readAt: Statement<[number, string], EventColumns>
  readonly #queries: LogQueries
  readonly #matcher: Matcher
  readonly #nextStream: Statement<[number, string, string, string], string>
  readonly #firstTenant: Statement<[number], string>
  readonly #nextTenant: Statement<[number, string], string>

  constructor(reader: Reader, writer: Writer, changes: Changes) {
    this.#reader = reader
    this.#writer = writer
    this.#changes = changes
    const { database } = reader
    this.#history = database.prepare<[number], [string, number | null, number | null]>(sql('history')).raw()
    this.#head = database.prepare<[number], [number, number]>(sql('head')).raw()
    this.#first = database.prepare<[number], number>(sql('first')).pluck()
    this.#recordedAt = database.prepare<[number, number], number>(sql('recorded-at')).pluck()
    this.#revisions = new StreamRevisions(database)
    this.#readStream = database
      .prepare<[number, string, string, number, number, number], EventColumns>(
        sql('read-stream').replace('{columns}', eventColumns),
      )
      .raw()
    this.#readAt = database
      .prepare<[number, string], EventColumns>(sql('read-at').replace('{columns}', eventColumns))
      .raw()
    this.#queries = new LogQueries(database)
    this.#matcher = new Matcher(database)
    this.#nextStream = database.prepare<[number, string, string, string], string>(sql('next-stream')).pluck()
    this.#firstTenant = database.prepare<[number], string>(sql('first-tenant')).pluck()
    this.#nextTenant = database.prepare<[number, string], string>(sql('next-tenant')).pluck()
  }

  async append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const results = await appendStorable(requests, async (sound) =>
      this.#writer.perform('append', hasConditions(sound) ? await this.#checked(sound) : sound),
    )
    const news = newsOf(requests, results)
    if (news !== undefined) this.#changes.notify(news.to)
    return results
  }

  async appendTogether(requests: readonly AppendRequest[]): Promise<AppendedTogether> {
    requireStorable(requests)
    const together = await this.#writer.perform(
      'appendTogether',
      hasConditions(requests) ? await this.#checked(requests) : requests,
    )
    const news = together.status === 'appended' ? newsOf(requests, together.results) : undefined
    if (news !== undefined) this.#changes.notify(news.to)
    return together
  }

  #checked(requests: readonly AppendRequest[]): Promise<readonly AppendRequest[]> {
    return Promise.all(requests.map((request) => this.#check(request)))
  }

  /** Conditions with what is long recorded behind them: only what comes from now on has to be checked under the lock. */
  async #check(request: AppendRequest): Promise<AppendRequest> {
    const { branch, tenant } = request
    const head = await this.#reader.read(() => this.#head.get(branch)?.[0] ?? 0)
    if (request.conditions.every(({ after }) => head - after <= shortTail)) return request
    const conditions: AppendCondition[] = []
    for (const condition of request.conditions) {
      conditions.push({
        query: condition.query,
        after: await this.#checkedTo(branch, tenant, condition, head),
      })
    }
    return { ...request, conditions }
  }

  /** As far as nothing was found that breaks the condition: to the head, or to just before what will be found again. */
  async #checkedTo(
    branch: number,
    tenant: string,
    { query, after }: AppendCondition,
    head: number,
  ): Promise<number> {
    let checked = after
    while (checked < head) {
      const scope = { branch, tenant, after: checked, to: Math.min(head, checked + checkedAtOnce) }
      const found = await this.#reader.read(() => this.#matcher.find(query.items, scope))
      if (found !== undefined) return found - 1
      checked = scope.to
      await new Promise(setImmediate)
    }
    return checked
  }

  read(query: LogQuery): Promise<LogPage> {
    return this.#reader.read(() => this.#queries.page(query))
  }

  readStream({ branch, tenant, stream, after, to, limit }: StreamQuery): Promise<StreamPage> {
    return this.#reader.read(() => {
      const revision = this.#revisions.last(branch, tenant, stream, to)
      if (after >= revision) return { events: [], revision }
      const rows = this.#readStream.all(branch, tenant, stream, after, revision, Math.min(limit, largestPage))
      return {
        events: takePage(rows, limit, (position) => this.#queries.payload(branch, position)).events,
        revision,
      }
    })
  }

  readAt({ branch, positions }: PositionsQuery): Promise<readonly EventRow[]> {
    return this.#reader.read(() => {
      const rows = this.#readAt.all(branch, JSON.stringify(positions))
      return takePage(rows, largestPage, (position) => this.#queries.payload(branch, position)).events
    })
  }

  /** Two seeks for each stream, however many events it has; some at a time, as those of later are passed over. */
  async listStreams(query: StreamsQuery): Promise<readonly StreamSummary[]> {
    const streams: StreamSummary[] = []
    let after: string | undefined = query.after
    while (streams.length < query.limit && after !== undefined) {
      const next: string = after
      after = await this.#reader.read(() => this.#listSome({ ...query, after: next }, streams))
    }
    return streams
  }

  /** The name to go on after; undefined: there are no more. */
  #listSome(
    { branch, tenant, prefix, after, to, limit }: StreamsQuery,
    streams: StreamSummary[],
  ): string | undefined {
    let last = after
    for (let looked = 0; streams.length < limit && looked < listedAtOnce; looked += 1) {
      const stream = this.#nextStream.get(branch, tenant, prefix, last)
      if (stream === undefined || !stream.startsWith(prefix)) return undefined
      const revision = this.#revisions.last(branch, tenant, stream, to)
      if (revision > 0) streams.push({ stream, revision })
      last = stream
    }
    return last
  }

  /** A seek for each tenant, however many events it has. */
  listTenants({ branch, after, limit }: TenantsQuery): Promise<readonly string[]> {
    return this.#reader.read(() => {
      const tenants: string[] = []
      let next = after === undefined ? this.#firstTenant.get(branch) : this.#nextTenant.get(branch, after)
      while (next !== undefined && tenants.length < limit) {
        tenants.push(next)
        next = this.#nextTenant.get(branch, next)
      }
      return tenants
    })
  }

  head(branch: number): Promise<LogHead> {
    return this.#reader.read(() => {
      const [epoch = '', position, recordedAt] = this.#history.get(branch) ?? []
      return { epoch, position: position ?? 0, recordedAt: recordedAt ?? undefined }
    })
  }

  /** Recorded times never go backwards along positions, which are dense: a search by halves. */
  positionAt(branch: number, recordedAt: number): Promise<number> {
    return this.#reader.read(() => {
      let from = this.#first.get(branch) ?? 1
      let to = (this.#head.get(branch)?.[0] ?? 0) + 1
      while (from < to) {
        const middle = Math.floor((from + to) / 2)
        if ((this.#recordedAt.get(branch, middle) ?? 0) < recordedAt) from = middle + 1
        else to = middle
      }
      return from
    })
  }

  onAppended(listener: AppendListener): () => void {
    return this.#changes.listen(listener)
  }
}

/** Most have none: they reach the writer in the same breath, before whoever closes the store after asking. */
function hasConditions(requests: readonly AppendRequest[]): boolean {
  return requests.some(({ conditions }) => conditions.length > 0)
}
