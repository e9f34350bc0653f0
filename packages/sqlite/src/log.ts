import type {
  AppendCondition,
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
import type { Statement } from './database.ts'
import { type EventColumns, eventColumns, largestPage, takePage } from './event-row.ts'
import { LogQueries } from './log-query.ts'
import { Matcher } from './matcher.ts'
import type { Reader } from './reader.ts'
import { statementsOf } from './sql.ts'
import type { Writer } from './writer.ts'

const sql = statementsOf('log')

/** An append's condition that leaves more of the log to check than this is checked before the append has the lock. */
const shortTail = 2_000
/** So much of it at a time, so that it doesn't block the thread for long. */
const checkedAtOnce = 20_000

export class SqliteLog implements Log {
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #changes: Changes
  readonly #history: Statement<[number], [string, number | null, number | null]>
  readonly #head: Statement<[number], [number, number]>
  readonly #first: Statement<[number], number>
  readonly #recordedAt: Statement<[number, number], number>
  readonly #lastRevision: Statement<[number, string, string], number>
  readonly #readStream: Statement<[number, string, string, number, number, number], EventColumns>
  readonly #queries: LogQueries
  readonly #matcher: Matcher
  readonly #nextStream: Statement<[number, string, string, string], string>

  constructor(reader: Reader, writer: Writer, changes: Changes) {
    this.#reader = reader
    this.#writer = writer
    this.#changes = changes
    const { database } = reader
    this.#history = database.prepare<[number], [string, number | null, number | null]>(sql('history')).raw()
    this.#head = database.prepare<[number], [number, number]>(sql('head')).raw()
    this.#first = database.prepare<[number], number>(sql('first')).pluck()
    this.#recordedAt = database.prepare<[number, number], number>(sql('recorded-at')).pluck()
    this.#lastRevision = database.prepare<[number, string, string], number>(sql('last-revision')).pluck()
    this.#readStream = database
      .prepare<[number, string, string, number, number, number], EventColumns>(
        sql('read-stream').replace('{columns}', eventColumns),
      )
      .raw()
    this.#queries = new LogQueries(database)
    this.#matcher = new Matcher(database)
    this.#nextStream = database.prepare<[number, string, string, string], string>(sql('next-stream')).pluck()
  }

  async append(requests: readonly AppendRequest[]): Promise<readonly AppendResult[]> {
    const checked = requests.some(({ conditions }) => conditions.length > 0)
      ? await Promise.all(requests.map((request) => this.#check(request)))
      : requests
    const results = await this.#writer.perform('append', checked)
    if (results.some(({ status }) => status === 'appended')) this.#changes.notify()
    return results
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

  readStream({ branch, tenant, stream, after, limit }: StreamQuery): Promise<StreamPage> {
    return this.#reader.read(() => {
      const revision = this.#lastRevision.get(branch, tenant, stream) ?? 0
      if (after >= revision) return { events: [], revision }
      const rows = this.#readStream.all(branch, tenant, stream, after, revision, Math.min(limit, largestPage))
      return {
        events: takePage(rows, limit, (position) => this.#queries.payload(branch, position)).events,
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

  onAppended(listener: () => void): () => void {
    return this.#changes.listen(listener)
  }
}
