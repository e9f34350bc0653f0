import type { AppendRequest, AppendResult, EventToAppend, StreamAppend } from '@headwater/core'
import { HeadwaterError } from '@headwater/core/errors'
import { isAsExpected, mainBranch } from '@headwater/core/port'
import type { Database, Statement } from '../database.ts'
import { asError, isUnavailable } from '../errors.ts'
import { Matcher } from '../matcher.ts'
import { statementsOf } from '../sql.ts'
import type { BranchWriter } from './branches.ts'
import type { DocumentWriter } from './documents.ts'
import { plainAtOnce, PlainAppender } from './plain.ts'
import { Revisions } from './revisions.ts'
import { TypeRangeWriter } from './type-ranges.ts'
import type { UserSqlWriter } from './user-sql.ts'
import type { ViewVersionWriter } from './view-versions.ts'

interface Head {
  position: number
  recordedAt: number
}

const sql = statementsOf('append')

const startOfMain = [0, 0] as const

/**
 * Records requests one after another in the transaction that is open. Success needs no savepoint, which would cost a
 * tenth: a request that is refused on its way deletes what it had written, so positions stay dense.
 */
export class Appender {
  readonly #database: Database
  readonly #documents: DocumentWriter
  readonly #userSql: UserSqlWriter
  readonly #viewVersions: ViewVersionWriter
  readonly #branches: BranchWriter
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
  #generations = new Map<number, number>()
  readonly #revisions = new Revisions()
  readonly #plain: PlainAppender

  constructor(
    database: Database,
    documents: DocumentWriter,
    userSql: UserSqlWriter,
    viewVersions: ViewVersionWriter,
    branches: BranchWriter,
  ) {
    this.#database = database
    this.#documents = documents
    this.#userSql = userSql
    this.#viewVersions = viewVersions
    this.#branches = branches
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
    this.#generations = new Map()
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
    if (first?.branch !== mainBranch || requests.length - from < plainAtOnce) return undefined
    const head = this.#headOf(first.branch)
    if (head === undefined) return undefined
    const recordedAt = Math.max(now, head.recordedAt)
    const generation = this.#generationOf(first.branch)
    const results = this.#plain.append(requests, from, head.position, recordedAt, generation)
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
    if (head === undefined) return { status: 'failed', error: noSuchBranch(request.branch) }
    const recordedAt = Math.max(request.recordedAt ?? now, head.recordedAt)
    if (request.recordedAt !== undefined && !Number.isSafeInteger(request.recordedAt))
      return { status: 'failed', error: new TypeError('The append was recorded at no time') }
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

  /** Undefined: there is no such branch. */
  #headOf(branch: number): Head | undefined {
    let head = this.#heads.get(branch)
    if (head === undefined) {
      const base = branch === mainBranch ? startOfMain : this.#branches.end(branch)
      if (base === undefined) return undefined
      const [position, recordedAt] = this.#head.get(branch) ?? base
      head = { position, recordedAt }
      this.#heads.set(branch, head)
    }
    return head
  }

  /** Asked once for all requests that are appended together. */
  #generationOf(branch: number): number {
    let generation = this.#generations.get(branch)
    if (generation === undefined)
      this.#generations.set(branch, (generation = this.#viewVersions.generation(branch)))
    return generation
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
    const generation = this.#generationOf(request.branch)
    if (request.viewGeneration !== undefined && request.viewGeneration !== generation)
      return { status: 'views-changed', generation }
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
    const refusal =
      request.statements === undefined || request.statements.length === 0
        ? this.#writeDocuments(request, position)
        : this.#writeWithStatements(request, request.statements, position)
    if (refusal !== undefined) return refusal
    return {
      status: 'appended',
      position: position === before ? undefined : before + 1,
      recordedAt,
      revisions,
    }
  }

  #writeDocuments({ documents }: AppendRequest, position: number): AppendResult | undefined {
    const conflict = this.#documents.writeAll(documents, position)
    return conflict && { status: 'document-conflict', collection: conflict.collection, key: conflict.key }
  }

  #writeWithStatements(
    request: AppendRequest,
    statements: NonNullable<AppendRequest['statements']>,
    position: number,
  ): AppendResult | undefined {
    return this.#userSql.atOnce<AppendResult>(() => {
      const refusal = this.#writeDocuments(request, position)
      if (refusal !== undefined) return refusal
      const conflict = this.#userSql.run(statements)
      return conflict && { status: 'statement-conflict', ...conflict }
    })
  }

  /** Before anything is inserted that the conditions could be about; a stream's conflict is told first. */
  #checkConditions(request: AppendRequest): AppendResult | undefined {
    for (const part of request.streams) {
      const { stream, expected } = part
      const actual = this.#revisionOf(request, part)
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
    part: StreamAppend,
    position: number,
    before: number,
    recordedAt: number,
  ): number | AppendResult {
    const { stream, expected, events } = part
    // The unique index says whether a revision is free: it need not be looked up where it is as good as known.
    const isGuessed = events.length > 0 && request.branch === mainBranch
    const guess = isGuessed ? this.#revisions.guess(request, stream, expected) : undefined
    let revision = guess ?? this.#revisionOf(request, part)
    if (guess === undefined && !isAsExpected(expected, revision))
      return { status: 'conflict', stream, expected, actual: revision }
    for (const event of events) {
      revision += 1
      position += 1
      let isFree = this.#insert(request, stream, event, revision, position, before, recordedAt)
      if (!isFree && expected === 'any') {
        revision = this.#revisionOf(request, part) + 1
        isFree = this.#insert(request, stream, event, revision, position, before, recordedAt)
      }
      if (!isFree) return { status: 'conflict', stream, expected, actual: this.#revisionOf(request, part) }
      this.#typeRanges.add(request.branch, event.type, position)
      this.#tag(request, event, position)
    }
    // A stream that is new will rarely be asked for again soon.
    if (isGuessed && revision > events.length) this.#revisions.remember(request, stream, revision)
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

  #revisionOf({ branch, tenant }: AppendRequest, { stream, inherited = 0 }: StreamAppend): number {
    return this.#lastRevision.get(branch, tenant, stream) ?? inherited
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

function noSuchBranch(branch: number): HeadwaterError {
  return new HeadwaterError('branch.unknown', `There is no branch ${branch}`, { details: { branch } })
}
