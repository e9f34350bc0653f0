import { HeadwaterError } from '../message/errors.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import type { LogFeed } from '../log/feed.ts'
import type { GroupCommit } from '../log/group-commit.ts'
import {
  mainBranch,
  type AppendRequest,
  type AppendResult,
  type DocumentWrite,
  type Log,
  type StreamAppend,
} from '../log/port.ts'
import { rowsOf } from '../log/rows.ts'
import type { BackOff } from './backoff.ts'

/** What others add to an append, and what they do once it is recorded. */
export interface AppendHooks {
  /** Whether `prepare` has to be asked about these events. */
  isInterested(streams: readonly StreamAppend[]): boolean
  /**
   * Adds further events and documents; every expected revision is a number, before and after.
   *
   * @throws HeadwaterError `subscription.vetoed`
   */
  prepare(request: AppendRequest, revisionOf: RevisionOf): Promise<AppendRequest>
  /** The generation of the views' versions that this process knows. */
  viewGeneration(): number
  /** Asks which generation there is: an append met another one. */
  viewsChanged(): Promise<void>
  /** The documents that `prepare` added were recorded, or not. */
  settled(documents: readonly DocumentWrite[], isRecorded: boolean): void
  /** Runs after the commit, before the answer; undefined where nobody is interested. */
  afterCommit(events: readonly RecordedEvent[]): Promise<void> | undefined
}

export type RevisionOf = (stream: string) => Promise<number>

export interface Recording {
  readonly result: Exclude<AppendResult, { status: 'document-conflict' | 'views-changed' | 'failed' }>
  readonly events: readonly RecordedEvent[]
}

/** How often an append is prepared anew because a document or an unstated revision moved meanwhile. */
const mostAttempts = 200
/** So many follow on one another at once; before each further one there is a pause. */
const quickAttempts = 3

/** Commits an append with those of others, with what hooks add to it, and tells who has to know. */
export class Recorder {
  readonly #log: Log
  readonly #commits: GroupCommit
  readonly #feed: LogFeed
  readonly #hooks: AppendHooks
  readonly #backOff: BackOff

  constructor(log: Log, commits: GroupCommit, feed: LogFeed, hooks: AppendHooks, backOff: BackOff) {
    this.#log = log
    this.#commits = commits
    this.#feed = feed
    this.#hooks = hooks
    this.#backOff = backOff
  }

  /** @throws HeadwaterError `log.overloaded`, `log.busy`, `log.closed`, `log.outcome-unknown`, `subscription.vetoed` */
  async record(request: AppendRequest): Promise<Recording> {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      const recording = this.#hooks.isInterested(request.streams)
        ? await this.#recordPrepared(request)
        : await this.#recordAsItIs(request)
      if (recording !== undefined) return recording
      // Who races another one that takes just as long would lose to it again and again.
      if (attempt >= quickAttempts) await this.#backOff(attempt - quickAttempts + 1)
    }
    throw new HeadwaterError(
      'log.document-conflict',
      `The append met changed documents ${mostAttempts} times in a row`,
    )
  }

  /** Undefined: the versions of views have changed; it may concern one of them now. */
  async #recordAsItIs(request: AppendRequest): Promise<Recording | undefined> {
    const viewGeneration = this.#hooks.viewGeneration()
    const result = await this.#commits.append({ ...request, viewGeneration })
    if (result.status !== 'views-changed') return this.#finish(request, settledResult(result))
    await this.#hooks.viewsChanged()
    return undefined
  }

  /** Undefined: something it was prepared on has moved; prepare it again. */
  async #recordPrepared(request: AppendRequest): Promise<Recording | undefined> {
    const revisionOf: RevisionOf = (stream) => this.#revisionOf(request.tenant, stream)
    const streams: StreamAppend[] = []
    for (const stream of request.streams) {
      const expected = await exactRevision(stream, revisionOf)
      if (typeof expected !== 'number') return { result: expected, events: [] }
      streams.push({ ...stream, expected })
    }
    const prepared = await this.#hooks.prepare({ ...request, streams }, revisionOf)
    let isRecorded = false
    try {
      const result = await this.#commits.append(prepared)
      if (result.status === 'views-changed') await this.#hooks.viewsChanged()
      if (result.status === 'document-conflict' || result.status === 'views-changed') return undefined
      if (result.status === 'conflict' && isOurGuess(request, result.stream)) return undefined
      isRecorded = result.status === 'appended'
      return await this.#finish(prepared, settledResult(result))
    } finally {
      this.#hooks.settled(prepared.documents, isRecorded)
    }
  }

  async #revisionOf(tenant: string, stream: string): Promise<number> {
    const page = await this.#log.readStream({
      branch: mainBranch,
      tenant,
      stream,
      after: Number.MAX_SAFE_INTEGER,
      limit: 1,
    })
    return page.revision
  }

  async #finish(request: AppendRequest, result: Recording['result']): Promise<Recording> {
    if (result.status !== 'appended' || result.position === undefined) return { result, events: [] }
    const count = request.streams.reduce((sum, { events }) => sum + events.length, 0)
    const events =
      this.#feed.recent(result.position, count) ??
      [...rowsOf(request, result.position, result.recordedAt, result.revisions)].map((row) =>
        this.#feed.decode(row),
      )
    const after = this.#hooks.afterCommit(events)
    if (after !== undefined) await after
    return { result, events }
  }
}

/** The revision that the caller expects, as a number; a conflict where there can be none. */
async function exactRevision({ stream, expected }: StreamAppend, revisionOf: RevisionOf) {
  if (typeof expected === 'number') return expected
  if (expected === 'none') return 0
  const actual = await revisionOf(stream)
  return expected === 'any' || actual > 0
    ? actual
    : ({ status: 'conflict', stream, expected, actual } as const)
}

/** Whether the caller left the revision open, or didn't name the stream at all. */
function isOurGuess(request: AppendRequest, stream: string): boolean {
  const expected = request.streams.find((candidate) => candidate.stream === stream)?.expected
  return expected === undefined || expected === 'any' || expected === 'exists'
}

function settledResult(result: AppendResult): Recording['result'] {
  if (result.status === 'failed') throw result.error
  if (result.status !== 'document-conflict' && result.status !== 'views-changed') return result
  const what =
    result.status === 'views-changed'
      ? 'The versions of the views were'
      : `Document ${result.key} of ${result.collection} was`
  throw new HeadwaterError('log.document-conflict', `${what} changed meanwhile`)
}
