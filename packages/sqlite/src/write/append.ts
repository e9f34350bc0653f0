import type { AppendRequest, AppendResult, EventToAppend, StreamAppend } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { asError, isUnavailable } from '../errors.ts'
import { Matcher } from '../matcher.ts'
import { statementsOf } from '../sql.ts'
import type { DocumentWriter } from './documents.ts'
import { plainAtOnce, PlainAppender } from './plain.ts'
import { Revisions } from './revisions.ts'
import { TypeRangeWriter } from './type-ranges.ts'

interface Head {
  position: number
  recordedAt: number
}

const sql = statementsOf('append')

/**
 * Records requests one after another in the transaction that is open. Success needs no savepoint, which would cost a
 * tenth: a request that is refused on its way deletes what it had written, so positions stay dense.
 */
export class Appender {
  readonly #database: Database
  readonly #documents: DocumentWriter
  readonly #matcher: Matcher
  readonly #typeRanges: TypeRangeWriter
  readonly #head: Statement<[number], [number, number]>
  readonly #insertCommand: Statement
  readonly #insertEvent: Statement
  readonly #insertTag: Statement
  readonly #lastRevision: Statement<[number, string, string], number>
  readonly #undoCommand: Statement
  readonly #undoEvents: Statement
  readonly #undoTag: Statement
  #heads = new Map<number, Head>()
  readonly #revisions = new Revisions()
  readonly #plain: PlainAppender

  constructor(database: Database, documents: DocumentWriter) {
    this.#database = database
    this.#documents = documents
    this.#matcher = new Matcher(database)
    this.#typeRanges = new TypeRangeWriter(database)
    this.#plain = new PlainAppender(database, this.#revisions, this.#typeRanges)
    this.#head = database.prepare<[number], [number, number]>(sql('head')).raw()
    this.#insertCommand = database.prepare(sql('insert-command'))
    this.#insertEvent = database.prepare(sql('insert-event'))
    this.#insertTag = database.prepare(sql('insert-tag'))
    this.#lastRevision = database.prepare<[number, string, string], number>(sql('last-revision')).pluck()
    this.#undoCommand = database.prepare(sql('undo-command'))
    this.#undoEvents = database.prepare(sql('undo-events'))
    this.#undoTag = database.prepare(sql('undo-tag'))
  }

  append(requests: readonly AppendRequest[]): readonly AppendResult[] {
    this.#heads = new Map()
    const now = Date.now()
    const results: AppendResult[] = []
    let single = 0
    while (results.length < requests.length) {
      const plain = results.length < single ? undefined : this.#appendPlain(requests, results.length, now)
      if (plain !== undefined) {
        results.push(...plain)
        continue
      }
      // Those that could not be taken together are taken one by one, before the next ones are tried together.
      if (results.length >= single) single = results.length + plainAtOnce
      const request = requests[results.length]
      if (request !== undefined) results.push(this.#attempt(request, now))
    }
    return results
  }

  #appendPlain(requests: readonly AppendRequest[], from: number, now: number): AppendResult[] | undefined {
    const first = requests[from]
    if (first === undefined || requests.length - from < plainAtOnce) return undefined
    const head = this.#headOf(first.branch)
    const recordedAt = Math.max(now, head.recordedAt)
    const results = this.#plain.append(requests, from, head.position, recordedAt)
    if (results === undefined) return undefined
    head.position += results.length
    head.recordedAt = recordedAt
    return results
  }

  /** The transaction was undone. */
  forget(): void {
    this.#typeRanges.forget()
    this.#revisions.forgetAll()
  }

  /** @throws what makes the whole transaction void */
  #attempt(request: AppendRequest, now: number): AppendResult {
    const head = this.#headOf(request.branch)
    const recordedAt = Math.max(now, head.recordedAt)
    let sequence: number | bigint | undefined
    let result: AppendResult
    try {
      if (request.command !== null) {
        const inserted = this.#logCommand(request, request.command, head.position, recordedAt)
        if (inserted.changes === 0) return { status: 'duplicate' }
        sequence = inserted.lastInsertRowid
      }
      result = this.#record(request, head.position, recordedAt)
    } catch (error) {
      // Some errors end the transaction: nothing of it can be saved.
      if (!this.#database.inTransaction || isUnavailable(error)) throw error
      result = { status: 'failed', error: asError(error) }
    }
    if (result.status === 'appended') {
      head.position += countEvents(request)
      if (result.position !== undefined) head.recordedAt = recordedAt
    } else {
      this.#undo(request, head.position, sequence)
    }
    return result
  }

  #headOf(branch: number): Head {
    let head = this.#heads.get(branch)
    if (head === undefined) {
      const [position, recordedAt] = this.#head.get(branch) ?? [0, 0]
      head = { position, recordedAt }
      this.#heads.set(branch, head)
    }
    return head
  }

  #logCommand(
    request: AppendRequest,
    command: NonNullable<AppendRequest['command']>,
    before: number,
    recordedAt: number,
  ) {
    const events = countEvents(request)
    return this.#insertCommand.run(
      request.branch,
      request.tenant,
      request.commandId,
      command.type,
      command.payload,
      request.actor,
      request.correlationId,
      command.causationId,
      recordedAt,
      command.status,
      command.reason,
      command.reads,
      events === 0 ? null : before + 1,
      events,
    )
  }

  #record(request: AppendRequest, before: number, recordedAt: number): AppendResult {
    if (request.conditions.length > 0) {
      const refusal = this.#checkConditions(request)
      if (refusal !== undefined) return refusal
    }
    const revisions: number[] = []
    let position = before
    for (const part of request.streams) {
      const revision = this.#appendStream(request, part, position, before, recordedAt)
      if (typeof revision !== 'number') return revision
      revisions.push(revision)
      position += part.events.length
    }
    const conflict = this.#documents.writeAll(request.documents, position)
    if (conflict !== undefined) {
      return { status: 'document-conflict', collection: conflict.collection, key: conflict.key }
    }
    return {
      status: 'appended',
      position: position === before ? undefined : before + 1,
      recordedAt,
      revisions,
    }
  }

  /** Before anything is inserted that the conditions could be about; a stream's conflict is told first. */
  #checkConditions(request: AppendRequest): AppendResult | undefined {
    for (const { stream, expected } of request.streams) {
      const actual = this.#revisionOf(request, stream)
      if (!isAsExpected(expected, actual)) return { status: 'conflict', stream, expected, actual }
    }
    const { branch, tenant } = request
    for (const { query, after } of request.conditions) {
      const position = this.#matcher.find(query.items, { branch, tenant, after, to: Number.MAX_SAFE_INTEGER })
      if (position !== undefined) return { status: 'condition-failed', position }
    }
    return undefined
  }

  /** The stream's revision afterwards, or why it was refused. */
  #appendStream(
    request: AppendRequest,
    { stream, expected, events }: StreamAppend,
    position: number,
    before: number,
    recordedAt: number,
  ): number | AppendResult {
    // The unique index says whether a revision is free: it need not be looked up where it is as good as known.
    const guess = events.length === 0 ? undefined : this.#revisions.guess(request, stream, expected)
    let revision = guess ?? this.#revisionOf(request, stream)
    if (guess === undefined && !isAsExpected(expected, revision))
      return { status: 'conflict', stream, expected, actual: revision }
    for (const event of events) {
      revision += 1
      position += 1
      let isFree = this.#insert(request, stream, event, revision, position, before, recordedAt)
      if (!isFree && expected === 'any') {
        revision = this.#revisionOf(request, stream) + 1
        isFree = this.#insert(request, stream, event, revision, position, before, recordedAt)
      }
      if (!isFree) return { status: 'conflict', stream, expected, actual: this.#revisionOf(request, stream) }
      this.#typeRanges.add(request.branch, event.type, position)
      this.#tag(request, event, position)
    }
    // A stream that is new will rarely be asked for again soon.
    if (revision > events.length && events.length > 0) this.#revisions.remember(request, stream, revision)
    return revision
  }

  #insert(
    request: AppendRequest,
    stream: string,
    event: EventToAppend,
    revision: number,
    position: number,
    before: number,
    recordedAt: number,
  ): boolean {
    const { changes } = this.#insertEvent.run(
      request.branch,
      position,
      request.tenant,
      stream,
      revision,
      event.type,
      event.version,
      request.commandId,
      position - before,
      recordedAt,
      event.occurredAt,
      request.actor,
      request.correlationId,
      request.causationId,
      event.data,
    )
    return changes === 1
  }

  #tag(request: AppendRequest, event: EventToAppend, position: number): void {
    for (const tag of event.tags)
      this.#insertTag.run(request.branch, request.tenant, tag, position, event.type)
  }

  #revisionOf({ branch, tenant }: AppendRequest, stream: string): number {
    return this.#lastRevision.get(branch, tenant, stream) ?? 0
  }

  #undo(request: AppendRequest, before: number, sequence: number | bigint | undefined): void {
    for (const { stream } of request.streams) this.#revisions.forget(request, stream)
    if (sequence !== undefined) this.#undoCommand.run(sequence)
    this.#undoEvents.run(request.branch, before)
    const tags = new Set(request.streams.flatMap(({ events }) => events.flatMap((event) => event.tags)))
    for (const tag of tags)
      if (typeof tag === 'string') this.#undoTag.run(request.branch, request.tenant, tag, before)
  }
}

function countEvents(request: AppendRequest): number {
  let count = 0
  for (const { events } of request.streams) count += events.length
  return count
}

function isAsExpected(expected: StreamAppend['expected'], revision: number): boolean {
  if (expected === 'any') return true
  if (expected === 'none') return revision === 0
  return expected === 'exists' ? revision > 0 : revision === expected
}
