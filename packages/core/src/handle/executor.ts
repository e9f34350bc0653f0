import type { Aggregate, Decision } from '../decide/aggregate.ts'
import { decisionContext } from '../decide/context.ts'
import type { Rejection } from '../decide/reject.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AnyCommandType, CommandMessage } from '../message/command.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { NewEvent } from '../message/event.ts'
import { checkStreamName, streamName } from '../message/stream.ts'
import type { CommandToLog } from '../log/port.ts'
import type { LogFeed } from '../log/feed.ts'
import { pendingRows } from '../log/rows.ts'
import type { StoredAnswers } from './answers.ts'
import type { StreamLocks } from './locks.ts'
import type { ExecuteOptions, Outcome, RecordedReference } from './outcome.ts'
import type { Queues } from './queues.ts'
import type { Recorder, Recording } from './recorder.ts'
import { appendRequest, type Origin } from './request.ts'
import type { StreamState, StreamStates } from './states.ts'

/** A command type and the one aggregate that decides it. */
export interface CommandRoute {
  readonly command: AnyCommandType
  readonly aggregate: Aggregate
}

export interface ExecutorParts {
  readonly codec: PayloadCodec
  readonly feed: LogFeed
  readonly states: StreamStates
  readonly recorder: Recorder
  readonly answers: StoredAnswers
  readonly queues: Queues
  readonly locks: StreamLocks
  readonly now: () => number
}

/** After so many lost races a command waits in line instead of trying its luck again. */
const racesBeforeQueueing = 3
const mostAttempts = 100
const defaultLockTimeLimit = 5_000

interface Job {
  readonly aggregate: Aggregate
  readonly message: CommandMessage
  readonly stream: string
  readonly origin: Origin
  readonly expectedRevision: number | undefined
  /** The event that this command is a reaction to. */
  readonly cause: string | null
  /** Only an id that the sender chose can have been used before. */
  readonly mayBeRepeated: boolean
}

/** Loads, decides and records, with one effect per command id and no lost update. */
export class CommandExecutor {
  readonly #parts: ExecutorParts

  constructor(parts: ExecutorParts) {
    this.#parts = parts
  }

  async execute(
    { command, aggregate }: CommandRoute,
    message: CommandMessage,
    id: string,
    options: ExecuteOptions,
  ): Promise<Outcome> {
    const actor = options.actor ?? null
    const tenant = options.tenant ?? ''
    const stream = checkStreamName(streamName(aggregate.name, aggregateId(aggregate, message)))
    const job: Job = {
      aggregate,
      message,
      stream,
      expectedRevision: options.expectedRevision,
      cause: options.causationId ?? null,
      mayBeRepeated: options.id !== undefined,
      origin: {
        tenant,
        commandId: id,
        actor,
        correlationId: options.correlationId ?? null,
        causationId: null,
        occurredAt: options.occurredAt?.getTime() ?? this.#parts.now(),
      },
    }
    const permission = command.authorize(actor, message.data)
    if (permission !== true) {
      const why =
        typeof permission === 'string'
          ? permission
          : `${actor ?? 'An anonymous actor'} may not send ${message.type}`
      return this.#storedOr(job, new HeadwaterError('command.forbidden', why))
    }
    return this.#inTurn(job)
  }

  #inTurn(job: Job): Promise<Outcome> {
    const { concurrency } = job.aggregate
    const key = `${job.origin.tenant}/${job.stream}`
    if (concurrency === 'optimistic') return this.#race(job, key)
    if (concurrency === 'queue') return this.#parts.queues.run(key, () => this.#attempts(job, mostAttempts))
    const timeLimit = concurrency === 'lock' ? defaultLockTimeLimit : concurrency.timeLimit
    return this.#parts.locks.run(key, timeLimit, async () => {
      // Whoever held the lock before us may have been another process.
      await this.#parts.states.refresh(job.aggregate, job.origin.tenant, job.stream)
      return this.#attempts(job, mostAttempts)
    })
  }

  async #race(job: Job, key: string): Promise<Outcome> {
    const outcome = await this.#tryAttempts(job, racesBeforeQueueing)
    return outcome ?? this.#parts.queues.run(key, () => this.#attempts(job, mostAttempts))
  }

  async #attempts(job: Job, most: number): Promise<Outcome> {
    const outcome = await this.#tryAttempts(job, most)
    if (outcome !== undefined) return outcome
    throw new HeadwaterError(
      'command.conflict',
      `${job.stream} moved ${most} times while ${job.message.type} was decided`,
      {
        details: { stream: job.stream, attempts: most },
      },
    )
  }

  /** Undefined: every attempt lost its race. */
  async #tryAttempts(job: Job, most: number): Promise<Outcome | undefined> {
    for (let attempt = 1; attempt <= most; attempt += 1) {
      const outcome = await this.#attempt(job)
      if (outcome !== undefined) return outcome
    }
    return undefined
  }

  async #attempt(job: Job): Promise<Outcome | undefined> {
    const { states, recorder } = this.#parts
    const { aggregate, stream, origin } = job
    let current = states.peek(origin.tenant, stream) ?? (await states.load(aggregate, origin.tenant, stream))
    if (job.expectedRevision !== undefined && current.revision !== job.expectedRevision) {
      current = await states.refresh(aggregate, origin.tenant, stream)
      if (current.revision !== job.expectedRevision)
        return this.#storedOr(job, revisionMismatch(job, current.revision))
    }
    const decision = await this.#decide(job, current)
    if (decision.outcome !== undefined) return decision.outcome
    const { request, rejection, after } = decision
    const recording = await recorder.record(request)
    return this.#conclude(job, current, after, recording, rejection)
  }

  /** Decides, and folds what was decided: nothing is recorded that the aggregate could not read again. */
  async #decide(job: Job, current: StreamState) {
    const { codec, feed } = this.#parts
    const { aggregate, message, stream, origin } = job
    try {
      const correlationId = origin.correlationId ?? origin.commandId
      const context = decisionContext({ ...origin, now: origin.occurredAt, correlationId })
      const decision = aggregate.decide(current.state, message, context)
      const rejection = isRejection(decision) ? decision : undefined
      const part = { stream, expected: current.revision, events: eventsOf(decision) }
      const request = appendRequest(codec, origin, [part], this.#commandToLog(job, current, rejection))
      let { state } = current
      for (const row of pendingRows(request)) state = aggregate.evolve(state, feed.decode(row))
      const after: StreamState = { state, revision: current.revision + part.events.length }
      return { request, rejection, after, outcome: undefined }
    } catch (cause) {
      return { outcome: await this.#storedOr(job, decisionFailed(job, cause)) }
    }
  }

  /** What the log said of the attempt. Undefined: decide again. */
  async #conclude(
    job: Job,
    before: StreamState,
    after: StreamState,
    recording: Recording,
    rejection: Rejection | undefined,
  ): Promise<Outcome | undefined> {
    const { states } = this.#parts
    const { aggregate, stream, origin } = job
    const { result } = recording
    if (result.status === 'duplicate') return this.#storedAnswer(job)
    if (result.status === 'appended') {
      states.advance(origin.tenant, stream, after)
      return outcomeOf(job, after.revision, recording, rejection)
    }
    const known = states.peek(origin.tenant, stream)
    // The winner was in this process if the cache is already beyond what we decided on.
    const latest =
      known !== undefined && known.revision > before.revision
        ? known
        : await states.refresh(aggregate, origin.tenant, stream)
    if (latest.revision < before.revision) states.forget(origin.tenant, stream)
    if (job.expectedRevision !== undefined) return this.#storedOr(job, revisionMismatch(job, latest.revision))
    return undefined
  }

  #commandToLog(
    { message, stream, cause }: Job,
    { revision }: StreamState,
    rejection: Rejection | undefined,
  ): CommandToLog {
    const { codec } = this.#parts
    return {
      type: message.type,
      payload: codec.encode('command', message.type, 1, message.data),
      status: rejection === undefined ? 'accepted' : 'rejected',
      reason: rejection === undefined ? null : codec.encode('rejection', message.type, 1, rejection.reason),
      causationId: cause,
      reads: JSON.stringify({ streams: [[stream, revision]] }),
    }
  }

  /** A command that fails now may be the repeat of one that succeeded: then that answer counts. */
  async #storedOr(job: Job, error: HeadwaterError): Promise<Outcome> {
    const stored = job.mayBeRepeated ? await this.#findStored(job) : undefined
    if (stored === undefined) throw error
    return stored
  }

  async #storedAnswer(job: Job): Promise<Outcome> {
    const stored = await this.#findStored(job)
    if (stored === undefined)
      throw new HeadwaterError(
        'log.outcome-unknown',
        `No answer is stored for command ${job.origin.commandId}`,
      )
    return stored
  }

  #findStored({ origin, message }: Job): Promise<Outcome | undefined> {
    return this.#parts.answers.find(origin.tenant, origin.commandId, message.type, message.data, origin.actor)
  }
}

function aggregateId(aggregate: Aggregate, message: CommandMessage): string {
  const id = (message.data as Readonly<Record<string, unknown>>)[aggregate.idField]
  if (typeof id === 'string' && id !== '') return id
  throw new HeadwaterError(
    'command.invalid',
    `Command ${message.type} is invalid: ${aggregate.idField}: must be a non-empty string`,
    {
      issues: [{ path: [aggregate.idField], message: 'must be a non-empty string' }],
    },
  )
}

function isRejection(decision: Decision): decision is Rejection {
  return decision !== undefined && 'kind' in decision && decision.kind === 'rejection'
}

function eventsOf(decision: Decision): readonly NewEvent[] {
  if (decision === undefined) return []
  if (isRejection(decision)) return decision.events
  return Array.isArray(decision) ? decision : [decision as NewEvent]
}

function outcomeOf(
  job: Job,
  revision: number,
  { events }: Recording,
  rejection: Rejection | undefined,
): Outcome {
  const common = {
    commandId: job.origin.commandId,
    stream: job.stream,
    revision,
    position: events.at(-1)?.position,
    events: events.map(
      ({ id, type, revision, position }): RecordedReference => ({ id, type, revision, position }),
    ),
  }
  return rejection === undefined
    ? { status: 'accepted', ...common }
    : { status: 'rejected', ...common, reason: rejection.reason }
}

function revisionMismatch({ stream, expectedRevision }: Job, actual: number): HeadwaterError {
  const message = `${stream} is at revision ${actual}, not at ${expectedRevision}`
  return new HeadwaterError('command.revision-mismatch', message, {
    details: { stream, expected: expectedRevision, actual },
  })
}

function decisionFailed({ message, stream }: Job, cause: unknown): HeadwaterError {
  // An event with invalid data says what is wrong itself.
  if (isHeadwaterError(cause)) return cause
  return new HeadwaterError(
    'command.failed',
    `Deciding ${message.type} on ${stream} threw: ${String(cause)}`,
    { cause },
  )
}
