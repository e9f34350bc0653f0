import type { AppendRequest, AppendResult, CommandToLog } from '@headwater/core'
import type { Database, Statement } from '../database.ts'
import { isUnavailable } from '../errors.ts'
import { statementsOf } from '../sql.ts'
import type { Revisions } from './revisions.ts'
import type { TypeRangeWriter } from './type-ranges.ts'

const sql = statementsOf('append')

/** So many requests are inserted by one statement. */
export const plainAtOnce = 16

/**
 * Inserts requests of the most common form, one event on one stream and nothing to check but its revision, many by one
 * statement: that takes an eighth less time than one by one. If one of them is refused, none is inserted.
 */
export class PlainAppender {
  readonly #database: Database
  readonly #revisions: Revisions
  readonly #typeRanges: TypeRangeWriter
  readonly #insertEvents: Statement
  readonly #insertCommands: Statement
  readonly #undoEvents: Statement

  constructor(database: Database, revisions: Revisions, typeRanges: TypeRangeWriter) {
    this.#database = database
    this.#revisions = revisions
    this.#typeRanges = typeRanges
    this.#insertEvents = database.prepare(forMany(sql('insert-event')))
    this.#insertCommands = database.prepare(forMany(sql('insert-command')))
    this.#undoEvents = database.prepare(sql('undo-events'))
  }

  /**
   * Appends the requests from an index on; undefined: it can't be done together.
   *
   * @param before the last position
   * @param generation of the views' versions
   * @throws what makes the whole transaction void
   */
  append(
    requests: readonly AppendRequest[],
    from: number,
    before: number,
    recordedAt: number,
    generation: number,
  ): AppendResult[] | undefined {
    const events: unknown[] = []
    const commands: unknown[] = []
    const revisions: number[] = []
    const batch = requests.slice(from, from + plainAtOnce)
    const branch = batch[0]?.branch
    if (branch === undefined || batch.length < plainAtOnce) return undefined
    let logged = 0
    for (const request of batch) {
      const position = before + revisions.length + 1
      if (request.branch !== branch || (request.viewGeneration ?? generation) !== generation) return undefined
      const revision = this.#bindEvent(request, position, recordedAt, events)
      if (revision === undefined) return undefined
      if (request.command !== null) {
        bindCommand(request, request.command, position, recordedAt, commands)
        logged++
      }
      revisions.push(revision)
    }
    // All have a command row, or none has.
    if (logged > 0 && logged < plainAtOnce) return undefined
    if (!this.#insert(events, commands, branch, before)) return undefined
    return revisions.map((revision, index) => {
      const position = before + index + 1
      const request = batch[index]
      if (request !== undefined) this.#note(request, position, revision)
      return { status: 'appended', position, recordedAt, revisions: [revision] }
    })
  }

  /** The event's revision; undefined: there is more to the request, or it has to be looked up. */
  #bindEvent(
    request: AppendRequest,
    position: number,
    recordedAt: number,
    values: unknown[],
  ): number | undefined {
    const [part] = request.streams
    const [event] = part?.events ?? []
    if (part === undefined || event === undefined || !isPlain(request)) return undefined
    const last = this.#revisions.guess(request, part.stream, part.expected)
    if (last === undefined) return undefined
    values.push(
      request.branch,
      position,
      request.tenant,
      part.stream,
      last + 1,
      event.type,
      event.version,
      request.commandId,
      1,
      recordedAt,
      event.occurredAt,
      request.actor,
      request.correlationId,
      request.causationId,
      event.data,
    )
    return last + 1
  }

  /** False: one of them was refused, and nothing is inserted. */
  #insert(events: readonly unknown[], commands: readonly unknown[], branch: number, before: number): boolean {
    let inserted = false
    try {
      this.#insertEvents.run(events)
      inserted = true
      if (commands.length > 0) this.#insertCommands.run(commands)
      return true
    } catch (error) {
      if (!this.#database.inTransaction || isUnavailable(error)) throw error
      if (inserted) this.#undoEvents.run(branch, before)
      return false
    }
  }

  #note(request: AppendRequest, position: number, revision: number): void {
    const [part] = request.streams
    const [event] = part?.events ?? []
    if (part === undefined || event === undefined) return
    this.#typeRanges.add(request.branch, event.type, position)
    if (revision > 1) this.#revisions.remember(request, part.stream, revision)
  }
}

function isPlain({ streams, conditions, documents, statements, recordedAt }: AppendRequest): boolean {
  const events = streams[0]?.events
  return (
    streams.length === 1 &&
    events?.length === 1 &&
    events[0]?.tags.length === 0 &&
    conditions.length === 0 &&
    documents.length === 0 &&
    (statements === undefined || statements.length === 0) &&
    recordedAt === undefined
  )
}

function bindCommand(
  request: AppendRequest,
  command: CommandToLog,
  position: number,
  recordedAt: number,
  values: unknown[],
): void {
  values.push(
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
    position,
    1,
  )
}

/** The same statement for many rows; it fails as a whole where one of them is refused. */
function forMany(insert: string): string {
  const [, head = '', row = ''] = /^(.*VALUES) (\(.*\))\nON CONFLICT/s.exec(insert) ?? []
  return `${head} ${Array.from({ length: plainAtOnce }, () => row).join(', ')}`
}
