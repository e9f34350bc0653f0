import type {
  Reversal,
  ReversalOptions,
  ReversalPlan,
  ReversalScope,
  ReversedEvent,
  RevertOptions,
} from '../amend/reversal.ts'
import type { Aggregate } from '../decide/aggregate.ts'
import { eventsOf } from '../handle/answers.ts'
import type { Recorder } from '../handle/recorder.ts'
import { appendRequest, type StreamPart } from '../handle/request.ts'
import { mainBranch } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { NewEvent } from '../message/event.ts'
import { deriveId, eventId } from '../message/identity.ts'
import { aggregateNameOf, checkStreamName } from '../message/stream.ts'
import { tenantNamed } from '../message/tenant.ts'
import type { StreamPast } from '../time/stream-past.ts'
import type { LogReader } from './log-reader.ts'
import type { Registry } from './registry.ts'

/** The command log's name for a batch of a reversal. */
const revertType = '$revert'
/** More events than this are not taken back by one reversal. */
const mostEvents = 10_000
/** So many events are taken back in one transaction, unless a single stream has more. */
const batchSize = 500
/** What is traced of a correlation. */
const mostTraced = 10_000

export interface ReverterParts {
  readonly store: Store
  readonly codec: PayloadCodec
  readonly registry: Registry
  readonly recorder: Recorder
  readonly past: StreamPast
  readonly reader: LogReader
  readonly now: () => number
  readonly newId: () => string
}

/** What is recorded in a stream to take its events back, the latest first. */
interface StreamReversal extends StreamPart {
  readonly expected: number
  readonly reversed: number
}

/** Takes events back by further ones: nothing is removed, and what follows from the new ones follows. */
export class Reverter {
  readonly #parts: ReverterParts

  constructor(parts: ReverterParts) {
    this.#parts = parts
  }

  readonly plan = async (scope: ReversalScope, options: ReversalOptions = {}): Promise<ReversalPlan> => {
    const tenant = tenantNamed(options.tenant)
    const { position: head } = await this.#parts.store.log.head(mainBranch)
    const events = await this.#eventsOf(scope, tenant, head)
    const lacking = new Map<string, { type: string; stream: string; events: number }>()
    for (const { type, stream } of events) {
      const aggregate = this.#aggregateOf(stream)
      if (aggregate !== undefined && Object.hasOwn(aggregate.reverse, type)) continue
      const name = aggregateNameOf(stream)
      const known = lacking.get(`${name} ${type}`) ?? { type, stream: name, events: 0 }
      known.events += 1
      lacking.set(`${name} ${type}`, known)
    }
    return { id: this.#parts.newId(), scope, tenant, head, events, lacking: [...lacking.values()] }
  }

  readonly revert = async (plan: ReversalPlan, options: RevertOptions): Promise<Reversal> => {
    requireReversible(plan)
    const streams: StreamReversal[] = []
    for (const [stream, events] of byStream(plan.events))
      streams.push(await this.#reversalOf(plan, stream, events))
    const recorded: ReversedEvent[] = []
    for (const [index, batch] of inBatches(streams).entries())
      recorded.push(...(await this.#record(plan, batch, deriveId(plan.id, 'batch', index), options)))
    return { id: plan.id, position: recorded.at(-1)?.position, recorded }
  }

  async #record(
    plan: ReversalPlan,
    batch: readonly StreamReversal[],
    id: string,
    { why, actor = null, correlationId = plan.id }: RevertOptions,
  ): Promise<readonly ReversedEvent[]> {
    const { codec, recorder, store, now } = this.#parts
    const { tenant, scope } = plan
    const streams = batch.map(({ stream, expected }) => [stream, expected])
    const origin = {
      tenant,
      commandId: id,
      actor,
      correlationId,
      causationId: null,
      occurredAt: now(),
    }
    const command = {
      type: revertType,
      payload: codec.encode('command', revertType, 1, { reversal: plan.id, why, scope }),
      status: 'accepted' as const,
      reason: null,
      causationId: null,
      reads: JSON.stringify({ streams }),
    }
    const { result, events } = await recorder.record(appendRequest(codec, origin, batch, command))
    if (result.status === 'appended') return events.map(reference)
    if (result.status === 'duplicate') {
      const row = await store.commands.find(mainBranch, tenant, id)
      const stored = row === undefined ? [] : await eventsOf(store.log, row)
      return stored.map((one) => ({ ...reference({ ...one, id: eventId(one.commandId, one.ordinal) }) }))
    }
    const moved = result.status === 'conflict' ? result.stream : batch[0]?.stream
    throw new HeadwaterError('revert.moved', `${moved} went on since the reversal was planned`, {
      details: { stream: moved, reversal: plan.id },
    })
  }

  /** Folds the stream once, and asks for each event that is taken back what does so. */
  async #reversalOf(
    { tenant, head }: ReversalPlan,
    stream: string,
    reversed: readonly ReversedEvent[],
  ): Promise<StreamReversal> {
    const aggregate = this.#aggregateOf(stream)
    if (aggregate === undefined) throw new Error(`No aggregate has the stream ${stream}`)
    const wanted = new Set(reversed.map(({ position }) => position))
    const events: NewEvent[] = []
    let before = aggregate.initial
    const part = { tenant, stream, at: head }
    for await (const { event, state } of this.#parts.past.steps(aggregate, part)) {
      if (wanted.has(event.position)) {
        const reverse = aggregate.reverse[event.type] as (
          state: unknown,
          fact: unknown,
        ) => NewEvent | NewEvent[]
        const made = reverse(before, event)
        events.unshift(...(Array.isArray(made) ? made : [made]))
      }
      before = state
    }
    const expected = await this.#parts.past.revision(part)
    return { stream, expected, events, reversed: reversed.length }
  }

  /** What a scope holds up to the head, the latest first; what is omitted or was an amendment is not among it. */
  async #eventsOf(scope: ReversalScope, tenant: string, head: number): Promise<readonly ReversedEvent[]> {
    const events: ReversedEvent[] = []
    const take = (event: ReversedEvent): void => {
      if (event.position > head || event.type.startsWith('$')) return
      if (events.length === mostEvents)
        throw new HeadwaterError('revert.too-many', `More than ${mostEvents} events would be taken back`)
      events.push(reference(event))
    }
    if ('stream' in scope) {
      const part = { tenant, stream: checkStreamName(scope.stream), at: head }
      for await (const event of this.#parts.past.events(part)) if (event.revision > scope.to) take(event)
    } else if ('causedBy' in scope) {
      const caused = await this.#causedBy(scope.causedBy, tenant)
      for (const row of caused) {
        const made = await eventsOf(this.#parts.store.log, row)
        for (const one of made) take({ ...one, id: eventId(one.commandId, one.ordinal) })
      }
    } else {
      for await (const event of this.#parts.reader.events({ after: scope.position, tenant })) {
        if (event.position > head) break
        take(event)
      }
    }
    const standing = 'stream' in scope ? events : await this.#standing(events, tenant, head)
    return standing.sort((one, other) => other.position - one.position)
  }

  /** Without those that amendments have omitted. */
  async #standing(events: ReversedEvent[], tenant: string, head: number): Promise<ReversedEvent[]> {
    const standing: ReversedEvent[] = []
    for (const [stream, own] of byStream(events)) {
      const positions = new Set<number>()
      const part = { tenant, stream, at: head }
      for await (const { position } of this.#parts.past.events(part)) positions.add(position)
      standing.push(...own.filter(({ position }) => positions.has(position)))
    }
    return standing
  }

  /** The commands that a command or an event led to, itself included if it is a command. */
  async #causedBy(id: string, tenant: string): Promise<readonly CommandRow[]> {
    const { store, reader } = this.#parts
    const trace = await reader.trace(id, { tenant })
    if (trace === undefined)
      throw new HeadwaterError('event.not-found', `Nothing has the id ${JSON.stringify(id)}`, {
        details: { id },
      })
    const { correlationId } = trace
    const rows = await store.commands.trace({ branch: mainBranch, tenant, correlationId, limit: mostTraced })
    const causes = new Set([id])
    const found = new Set<CommandRow>()
    // Causes come before what they cause, so once through is enough.
    for (const row of rows.toSorted((one, other) => one.sequence - other.sequence)) {
      const isCaused = row.id === id || (row.id === correlationId && id === correlationId)
      if (!isCaused && (row.causationId === null || !causes.has(row.causationId))) continue
      found.add(row)
      for (let ordinal = 1; ordinal <= row.events; ordinal += 1) causes.add(eventId(row.id, ordinal))
    }
    return [...found]
  }

  #aggregateOf(stream: string): Aggregate | undefined {
    return this.#parts.registry.aggregates.get(aggregateNameOf(stream))
  }
}

/** @throws HeadwaterError `revert.lacking` */
function requireReversible({ lacking }: ReversalPlan): void {
  if (lacking.length === 0) return
  const list = lacking.map(({ type, stream, events }) => `${type} of ${stream} (${events})`).join(', ')
  throw new HeadwaterError('revert.lacking', `These don’t say how they are taken back: ${list}`, {
    details: { lacking },
  })
}

function byStream(events: readonly ReversedEvent[]): ReadonlyMap<string, readonly ReversedEvent[]> {
  const streams = new Map<string, ReversedEvent[]>()
  for (const event of events) {
    const known = streams.get(event.stream)
    if (known === undefined) streams.set(event.stream, [event])
    else known.push(event)
  }
  return streams
}

/** Whole streams, in the order of their latest events, so that what is done of a reversal is done of whole streams. */
function inBatches(streams: readonly StreamReversal[]): readonly (readonly StreamReversal[])[] {
  const batches: StreamReversal[][] = []
  let size = batchSize
  for (const stream of streams.filter(({ events }) => events.length > 0)) {
    if (size + stream.reversed > batchSize) {
      batches.push([])
      size = 0
    }
    batches.at(-1)?.push(stream)
    size += stream.reversed
  }
  return batches
}

function reference({ id, type, stream, revision, position }: ReversedEvent): ReversedEvent {
  return { id, type, stream, revision, position }
}
