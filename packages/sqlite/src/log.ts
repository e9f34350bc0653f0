import type {
  AppendRequest,
  AppendResult,
  Log,
  LogHead,
  LogPage,
  LogQuery,
  StreamPage,
  StreamQuery,
  StreamSummary,
  StreamsQuery,
} from '@headwater/core'
import type { Changes } from './changes.ts'
import { matchesAny, placeholders, positionsOf } from './condition.ts'
import type { Statement } from './database.ts'
import { type EventColumns, eventColumns, largestPage, takePage } from './event-row.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('log')

/** A filter looks at so many events in one call, so that none blocks the thread for long. */
const longestScan = 20_000

/** Forms of queries whose statements are kept. */
const mostQueries = 100

export class SqliteLog implements Log {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #changes: Changes
  readonly #epoch: Statement<[], string>
  readonly #head: Statement<[number], [number, number]>
  readonly #first: Statement<[number], number>
  readonly #recordedAt: Statement<[number, number], number>
  readonly #lastRevision: Statement<[number, string, string], number>
  readonly #readStream: Statement<[number, string, string, number, number, number], EventColumns>
  readonly #payload: Statement<[number, number], string | Buffer>
  /** Statements of log queries, by their text. */
  readonly #queries = new Map<string, Statement<unknown[], EventColumns>>()
  readonly #nextStream: Statement<[number, string, string, string], string>

  constructor(reader: Reader, writer: Writer, changes: Changes) {
    this.#reader = reader
    this.#writer = writer
    this.#changes = changes
    const { database } = reader
    this.#epoch = database.prepare<[], string>(sql('epoch')).pluck()
    this.#head = database.prepare<[number], [number, number]>(sql('head')).raw()
    this.#first = database.prepare<[number], number>(sql('first')).pluck()
    this.#recordedAt = database.prepare<[number, number], number>(sql('recorded-at')).pluck()
    this.#lastRevision = database.prepare<[number, string, string], number>(sql('last-revision')).pluck()
    this.#readStream = database
      .prepare<[number, string, string, number, number, number], EventColumns>(
        sql('read-stream').replace('{columns}', eventColumns),
      )
      .raw()
    this.#payload = database.prepare<[number, number], string | Buffer>(sql('payload')).pluck()
    this.#nextStream = database.prepare<[number, string, string, string], string>(sql('next-stream')).pluck()
  }

  async append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const results = await this.#writer.perform('append', requests)
    if (results.some(({ status }) => status === 'appended')) this.#changes.notify()
    return results
  }

  read(query: LogQuery): Promise<LogPage> {
    return this.#reader.read(() => this.#read(query))
  }

  /** The head is read first, and nothing beyond it: what is appended in between belongs to the next page. */
  #read(query: LogQuery): LogPage {
    const { branch, after, limit } = query
    const head = this.#head.get(branch)?.[0] ?? 0
    if (after >= head) return { events: [], scannedTo: after, head }
    const filtered = query.types !== undefined || query.query !== undefined || query.tenant !== undefined
    const to = filtered && !this.#isIndexed(query) ? Math.min(head, after + longestScan) : head
    const { sql: condition, parameters } = this.#condition(query, to)
    const rows = this.#query(condition).all(branch, after, to, ...parameters, Math.min(limit, largestPage))
    const { events, full } = takePage(rows, limit, (position) => this.#payloadOf(branch, position))
    return { events, scannedTo: full ? (events.at(-1)?.position ?? to) : to, head }
  }

  #query(condition: string): Statement<unknown[], EventColumns> {
    let query = this.#queries.get(condition)
    if (query === undefined) {
      const text = sql('read').replace('{columns}', eventColumns).replace('{condition}', condition)
      query = this.#reader.database.prepare<unknown[], EventColumns>(text).raw()
      // Users' queries differ without end; the log's own readers use a handful of forms.
      if (this.#queries.size >= mostQueries) this.#queries.clear()
      this.#queries.set(condition, query)
    }
    return query
  }

  #payloadOf(branch: number, position: number): string | Buffer {
    return this.#payload.get(branch, position) ?? ''
  }

  #isIndexed({ tenant, query }: LogQuery): boolean {
    return (
      tenant !== undefined && query !== undefined && query.items.every(({ tags = [] }) => tags.length > 0)
    )
  }

  #condition({ branch, tenant, types, query, after }: LogQuery, to: number) {
    const conditions: string[] = []
    const parameters: (string | number)[] = []
    const add = (text: string, values: readonly (string | number)[]) => {
      conditions.push(`AND ${text}`)
      parameters.push(...values)
    }
    if (tenant !== undefined) add('tenant = ?', [tenant])
    if (types !== undefined) add(`type IN (${placeholders(types)})`, types)
    if (
      query !== undefined &&
      tenant !== undefined &&
      query.items.every(({ tags = [] }) => tags.length > 0)
    ) {
      const parts = query.items.map((item) => positionsOf(item, { branch, tenant, after }))
      const union = parts.map((part) => `SELECT position FROM (${part.sql})`).join(' UNION ')
      add(
        parts.length === 0 ? 'FALSE' : `position IN (${union})`,
        parts.flatMap((part) => part.parameters),
      )
    } else if (query !== undefined) {
      const matching = matchesAny(query)
      add(matching.sql, matching.parameters)
    }
    return { sql: conditions.join(' '), parameters, to }
  }

  readStream({ branch, tenant, stream, after, limit }: StreamQuery): Promise<StreamPage> {
    return this.#reader.read(() => {
      const revision = this.#lastRevision.get(branch, tenant, stream) ?? 0
      if (after >= revision) return { events: [], revision }
      const rows = this.#readStream.all(branch, tenant, stream, after, revision, Math.min(limit, largestPage))
      return {
        events: takePage(rows, limit, (position) => this.#payloadOf(branch, position)).events,
        revision,
      }
    })
  }

  /** Two seeks for each stream, however many events it has. */
  listStreams({ branch, tenant, prefix, after, limit }: StreamsQuery): Promise<readonly StreamSummary[]> {
    return this.#reader.read(() => {
      const streams: StreamSummary[] = []
      let last = after
      while (streams.length < limit) {
        const stream = this.#nextStream.get(branch, tenant, prefix, last)
        if (stream === undefined || !stream.startsWith(prefix)) break
        streams.push({ stream, revision: this.#lastRevision.get(branch, tenant, stream) ?? 0 })
        last = stream
      }
      return streams
    })
  }

  head(branch: number): Promise<LogHead> {
    return this.#reader.read(() => {
      const [position, recordedAt] = this.#head.get(branch) ?? [0, undefined]
      return { epoch: this.#epoch.get() ?? '', position, recordedAt }
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

  onAppended(listener: () => void): () => void {
    return this.#changes.listen(listener)
  }
}
