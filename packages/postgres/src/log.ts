import {
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
  isStorable,
} from '@headwater/core'
import { newsOf } from '@headwater/core/port'
import { bigintArray } from './arrays.ts'
import type { Changes } from './changes.ts'
import { checkedRequest } from './conditions.ts'
import type { Database, Statement } from './database.ts'
import { eventsOf, largestPage, type PageColumns, pageStatement } from './event-row.ts'
import type { History } from './history.ts'
import { readPage } from './log-query.ts'
import { hasGap, requireStreamAttached } from './removed.ts'
import { statementsOf } from './sql.ts'
import type { Appender } from './write/append.ts'

const sql = statementsOf('log')

const history: Statement = { name: 'history', text: sql('history') }
const stream: Statement = { name: 'stream', text: pageStatement('stream', sql('stream-events')) }
const at: Statement = { name: 'events-at', text: pageStatement('at', sql('events-at')) }
const streams: Statement = { name: 'streams', text: sql('streams') }
const tenants: Statement = { name: 'tenants', text: sql('tenants') }
const positionAt: Statement = { name: 'position-at', text: sql('position-at') }

type HistoryColumns = [epoch: string, isCurrent: boolean, position: number | null, recordedAt: number | null]

export class PostgresLog implements Log {
  readonly #database: Database
  readonly #history: History
  readonly #appender: Appender
  readonly #changes: Changes

  constructor(database: Database, history: History, appender: Appender, changes: Changes) {
    this.#database = database
    this.#history = history
    this.#appender = appender
    this.#changes = changes
  }

  async append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const results = await this.#appender.append(await this.#checked(requests))
    const news = newsOf(requests, results)
    if (news !== undefined) this.#changes.notify(news.to)
    return results
  }

  async appendTogether(requests: readonly AppendRequest[]): Promise<AppendedTogether> {
    const together = await this.#appender.appendTogether(await this.#checked(requests))
    const news = together.status === 'appended' ? newsOf(requests, together.results) : undefined
    if (news !== undefined) this.#changes.notify(news.to)
    return together
  }

  async #checked(requests: readonly AppendRequest[]): Promise<readonly AppendRequest[]> {
    const checked: AppendRequest[] = []
    for (const request of requests)
      checked.push(request.conditions.length === 0 ? request : await checkedRequest(this.#database, request))
    return checked
  }

  async read(query: LogQuery): Promise<LogPage> {
    this.#history.requireWhole()
    const page = await readPage(this.#database, query)
    const last = page.events.at(-1)
    if (last !== undefined) this.#history.see(query.branch, last.position)
    return page
  }

  async readStream(query: StreamQuery): Promise<StreamPage> {
    this.#history.requireWhole()
    const { branch, tenant, stream: name, after, to, limit } = query
    // PostgreSQL holds no such name, and can't be asked for it.
    if (!isStorable(tenant + name)) return { events: [], revision: 0 }
    const read = async () => {
      const { rows } = await this.#database.run<PageColumns>(stream, [
        branch,
        tenant,
        name,
        after,
        Math.min(Math.max(limit, 0), largestPage),
        to ?? null,
      ])
      return { events: eventsOf(rows), revision: rows[0]?.[0] ?? 0 }
    }
    const page = await read()
    if (!hasGap(query, page)) return page
    await requireStreamAttached(this.#database, query, page.events)
    // It is attached again since it was read.
    return read()
  }

  async readAt({ branch, positions }: PositionsQuery): Promise<readonly EventRow[]> {
    if (positions.length === 0) return []
    const { rows } = await this.#database.run<PageColumns>(at, [branch, bigintArray(positions)])
    return eventsOf(rows)
  }

  async listStreams({
    branch,
    tenant,
    prefix,
    after,
    to,
    limit,
  }: StreamsQuery): Promise<readonly StreamSummary[]> {
    if (!isStorable(tenant + prefix + after)) return []
    const { rows } = await this.#database.run<[string, number]>(streams, [
      branch,
      tenant,
      prefix,
      after,
      limit,
      to ?? null,
    ])
    return rows.map(([name, revision]) => ({ stream: name, revision }))
  }

  async listTenants({ branch, after, limit }: TenantsQuery): Promise<readonly string[]> {
    const { rows } = await this.#database.run<[string]>(tenants, [branch, after ?? null, limit])
    return rows.map(([tenant]) => tenant)
  }

  async head(branch: number): Promise<LogHead> {
    this.#history.requireWhole()
    for (;;) {
      const { rows } = await this.#database.run<HistoryColumns>(history, [branch])
      const [epoch, isCurrent, position, recordedAt] = rows[0] ?? ['', false, null, null]
      if (isCurrent && epoch === this.#history.epoch) {
        const earlier = this.#history.earlier(branch)
        return {
          epoch,
          position: position ?? 0,
          recordedAt: recordedAt ?? undefined,
          ...(earlier && { earlier }),
        }
      }
      await this.#history.renew()
    }
  }

  async positionAt(branch: number, recordedAt: number): Promise<number> {
    const { rows } = await this.#database.run<[number]>(positionAt, [branch, Math.ceil(recordedAt)])
    return rows[0]?.[0] ?? 1
  }

  onAppended(listener: AppendListener): () => void {
    return this.#changes.listen(listener)
  }
}
