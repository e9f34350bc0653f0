import { aggregateIdIn } from '../decide/decision.ts'
import type { Rejection } from '../decide/reject.ts'
import type { RuleBook } from '../decide/rule-book.ts'
import { byCommand } from '../external/caller.ts'
import type { CallSource } from '../external/calls.ts'
import { reachOf } from '../external/mode.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { CommandMessage } from '../message/command.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { checkStreamName, streamName } from '../message/stream.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { LogFeed } from '../log/feed.ts'
import type { StoredAnswers } from './answers.ts'
import type { BackOff } from './backoff.ts'
import { type Decided, decideOn, type Handler, type ToDecide } from './deciding.ts'
import type { StreamLocks } from './locks.ts'
import type { ExecuteOptions, Outcome, RecordedReference } from './outcome.ts'
import type { Queues } from './queues.ts'
import type { Recorder, Recording } from './recorder.ts'
import { decisionFailed, forbidden } from './refusals.ts'
import type { StreamState, StreamStates } from './states.ts'

export interface ExecutorParts {
  readonly codec: PayloadCodec
  readonly feed: LogFeed
  readonly states: StreamStates
  readonly recorder: Recorder
  readonly answers: StoredAnswers
  readonly queues: Queues
  readonly locks: StreamLocks
  readonly rules: RuleBook
  readonly externals: CallSource
  readonly backOff: BackOff
  readonly now: () => number
}

/** After so many lost races a command waits in line instead of trying its luck again. */
const racesBeforeQueueing = 3
const mostAttempts = 100
const defaultLockTimeLimit = 5_000

interface Job extends ToDecide {
  readonly expectedRevision: number | undefined
  /** Only an id that the sender chose can have been used before. */
  readonly mayBeRepeated: boolean
}

/** Somebody else was faster: decide again. */
interface Lost {
  readonly lost: string
}

/** Loads, decides and records, with one effect per command id and no lost update. */
export class CommandExecutor {
  readonly #parts: ExecutorParts

  constructor(parts: ExecutorParts) {
    this.#parts = parts
  }

  async execute(
    { command, aggregate, decider = aggregate }: Handler,
    message: CommandMessage,
    id: string,
    options: ExecuteOptions,
  ): Promise<Outcome> {
    const actor = options.actor ?? null
    const tenant = tenantNamed(options.tenant)
    const stream = checkStreamName(streamName(aggregate.name, aggregateIdIn(aggregate, message)))
    const job: Job = {
      aggregate,
      decider,
      message,
      stream,
      expectedRevision: options.expectedRevision,
      cause: options.causationId ?? null,
      mayBeRepeated: options.id !== undefined,
      calls: this.#parts.externals.callsOf(byCommand(message.type, id), reachOf(tenant)),
      origin: {
        tenant,
        commandId: id,
        actor,
        correlationId: options.correlationId ?? null,
        causationId: null,
        occurredAt: options.occurredAt?.getTime() ?? this.#parts.now(),
      },
    }
    const refusal = forbidden(command, message, actor)
    if (refusal !== undefined) return this.#storedOr(job, refusal)
    return this.#inTurn(job)
  }

  #inTurn(job: Job): Promise<Outcome> {
    const { concurrency } = job.aggregate
    const key = `${job.origin.tenant}/${job.stream}`
    if (concurrency === 'optimistic') return this.#race(job, key)
    if (concurrency === 'queue') return this.#parts.queues.run(key, () => this.#attempts(job))
    const timeLimit = concurrency === 'lock' ? defaultLockTimeLimit : concurrency.timeLimit
    return this.#parts.locks.run(key, timeLimit, async () => {
      // Whoever held the lock before us may have been another process.
      await this.#parts.states.refresh(job.aggregate, job.origin.tenant, job.stream)
      return this.#attempts(job)
    })
  }

  async #race(job: Job, key: string): Promise<Outcome> {
    const { queues } = this.#parts
    const line = job.decider.sharing?.line ?? key
    // Whoever waits in line has lost races: one who comes later may not win the next one from them, again and again.
    if (!queues.isBusy(line)) {
      const outcome = await this.#tryAttempts(job, racesBeforeQueueing)
      if (!('lost' in outcome)) return outcome
    }
    return queues.run(line, () => this.#attempts(job))
  }

  async #attempts(job: Job): Promise<Outcome> {
    const attempts = job.decider.sharing?.mostAttempts ?? mostAttempts
    const outcome = await this.#tryAttempts(job, attempts)
    if (!('lost' in outcome)) return outcome
    throw new HeadwaterError(
      'command.conflict',
      `${job.message.type} lost its race ${attempts} times: ${outcome.lost}`,
      { details: { stream: job.stream, attempts } },
    )
  }

  /** The outcome, or how the last of all attempts lost its race. */
  async #tryAttempts(job: Job, most: number): Promise<Outcome | Lost> {
    let outcome = await this.#attempt(job)
    for (let attempt = 2; attempt <= most && 'lost' in outcome; attempt += 1) {
      if (job.decider.sharing !== undefined) await this.#parts.backOff(attempt)
      outcome = await this.#attempt(job)
    }
    return outcome
  }

  async #attempt(job: Job): Promise<Outcome | Lost> {
    const { recorder } = this.#parts
    for (let round = 1; ; round += 1) {
      const current = await this.#current(job)
      if ('status' in current) return current
      const decision = await this.#decide(job, current)
      if (decision.outcome !== undefined) return decision.outcome
      if (decision.made !== undefined) {
        const { request, rejection, after } = decision.made
        return this.#conclude(job, current, after, await recorder.record(request), rejection)
      }
      // The outside is not asked for a command that was decided long ago.
      const stored = round === 1 && job.mayBeRepeated ? await this.#findStored(job) : undefined
      if (stored !== undefined) return stored
      await job.calls.fetch()
    }
  }

  /** The state to decide on; an outcome where it is not the one that the sender expects. */
  async #current(job: Job): Promise<StreamState | Outcome> {
    const { states } = this.#parts
    const { aggregate, stream, origin } = job
    let current = states.peek(origin.tenant, stream) ?? (await states.load(aggregate, origin.tenant, stream))
    if (job.expectedRevision !== undefined && current.revision !== job.expectedRevision) {
      current = await states.refresh(aggregate, origin.tenant, stream)
      if (current.revision !== job.expectedRevision)
        return this.#storedOr(job, revisionMismatch(job, current.revision))
    }
    return current
  }

  /** Neither made nor with an outcome: it waits for the outside. */
  async #decide(
    job: Job,
    current: StreamState,
  ): Promise<{ readonly made?: Decided; readonly outcome?: Outcome }> {
    try {
      const made = await decideOn(this.#parts, job, current)
      return made === undefined ? {} : { made }
    } catch (cause) {
      return { outcome: await this.#storedOr(job, decisionFailed(job.message.type, job.stream, cause)) }
    }
  }

  /** What the log said of the attempt. */
  async #conclude(
    job: Job,
    before: StreamState,
    after: StreamState,
    recording: Recording,
    rejection: Rejection | undefined,
  ): Promise<Outcome | Lost> {
    const { states } = this.#parts
    const { aggregate, stream, origin } = job
    const { result } = recording
    if (result.status === 'duplicate') return this.#storedAnswer(job)
    if (result.status === 'appended') {
      states.advance(aggregate, origin.tenant, stream, before.revision, after)
      return outcomeOf(job, after.revision, recording, rejection)
    }
    const known = states.peek(origin.tenant, stream)
    // The winner was in this process if the cache is already beyond what we decided on.
    const latest =
      known !== undefined && known.revision > before.revision
        ? known
        : await states.refresh(aggregate, origin.tenant, stream)
    if (latest.revision < before.revision) states.forget(origin.tenant, stream)
    if (job.expectedRevision !== undefined && job.expectedRevision !== latest.revision)
      return this.#storedOr(job, revisionMismatch(job, latest.revision))
    return { lost: result.status === 'statement-conflict' ? result.message : `${stream} moved` }
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
