import { amendedType, amendmentToAppend, amendType, type Amendment, isAmendment } from '../amend/amendment.ts'
import type { AmendOptions, Amendments, Edit, RawContent, RawEdit } from '../amend/edit.ts'
import type { AmendedRange, StreamHistory } from '../amend/stream-history.ts'
import type { StoredAnswers } from '../handle/answers.ts'
import type { Recorder, Recording } from '../handle/recorder.ts'
import { findEvent } from '../log/find-event.ts'
import { type AppendRequest, type EventRow, mainBranch } from '../log/port.ts'
import type { Store } from '../log/store.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import { eventFrom, type NewEvent } from '../message/event.ts'
import type { RecordedEvent } from '../message/recorded.ts'
import { aggregateNameOf, checkStreamName } from '../message/stream.ts'
import { tenantNamed } from '../message/tenant.ts'
import { newerVersion } from '../message/upcast.ts'
import { requireKnown, versionsOf } from '../message/versions.ts'
import type { Registry } from './registry.ts'

/** The command log's name for amendments. */
/** More edits than this go into several calls. */
const mostEdits = 1_000
const mostAttempts = 50

export interface AmenderParts {
  readonly store: Store
  readonly codec: PayloadCodec
  readonly registry: Registry
  readonly recorder: Recorder
  readonly answers: StoredAnswers
  readonly history: StreamHistory
  readonly decode: (row: EventRow) => RecordedEvent
  readonly now: () => number
  readonly newId: () => string
}

/** What is to be said about a stream. */
interface Part {
  readonly stream: string
  readonly amendments: Omit<Amendment, 'row'>[]
}

/** Records amendments: what is recorded stays, what counts changes. */
export class Amender {
  readonly #parts: AmenderParts

  constructor(parts: AmenderParts) {
    this.#parts = parts
  }

  readonly amend = async (edits: readonly Edit[], options: AmendOptions): Promise<Amendments> => {
    if (edits.length === 0 || edits.length > mostEdits)
      throw invalid(`From 1 to ${mostEdits} events are amended at once, not ${edits.length}`)
    if (options.why.trim() === '') throw invalid('An amendment says why')
    const { now, newId } = this.#parts
    const tenant = tenantNamed(options.tenant)
    const commandId = options.id ?? newId()
    const parts = await this.#partsOf(tenant, edits, options.why)
    for (let attempt = 1; ; attempt += 1) {
      const origin = { ...options, tenant, commandId, occurredAt: now() }
      const recording = await this.#record(parts, origin, edits)
      const { status } = recording.result
      if (status === 'appended') return this.#appended(commandId, recording, parts)
      if (status === 'duplicate') return this.#repeated(tenant, commandId, edits, options)
      if (status !== 'conflict') throw new HeadwaterError('log.conflict', `The amendments met a ${status}`)
      if (attempt >= mostAttempts)
        throw new HeadwaterError('log.conflict', `The streams moved ${attempt} times while they were amended`)
    }
  }

  /** Validates edits that come from outside, and records them. @throws HeadwaterError also `event.invalid` */
  readonly amendRaw = async (edits: readonly RawEdit[], options: AmendOptions): Promise<Amendments> => {
    const tenant = tenantNamed(options.tenant)
    const made: Edit[] = []
    for (const [index, edit] of edits.entries()) {
      try {
        if ('replace' in edit) {
          const type = edit.by.type ?? this.#typeOf(await this.#targetOf(tenant, edit.replace))
          made.push({ replace: edit.replace, by: this.#made({ ...edit.by, type }) })
        } else if ('insert' in edit) made.push({ ...edit, insert: this.#made(edit.insert) })
        else made.push(edit)
      } catch (error) {
        if (!isHeadwaterError(error)) throw error
        const { code, message, issues, cause } = error
        const details = { ...error.details, edit: index }
        throw new HeadwaterError(code, message, { ...(issues && { issues }), cause, details })
      }
    }
    return this.amend(made, options)
  }

  /** @throws HeadwaterError `event.unknown`, `event.invalid`, `event.newer-version` */
  #made({ type, data, version, occurredAt }: RawContent): NewEvent {
    const known = this.#parts.registry.events.get(type)
    if (known === undefined)
      throw new HeadwaterError('event.unknown', `This app defines no event type ${type}`, {
        details: { type },
      })
    return eventFrom(known, version ?? known.version, data, occurredAt && { occurredAt })
  }

  async #record(
    parts: readonly Part[],
    origin: AmendOptions & {
      readonly tenant: string
      readonly commandId: string
      readonly occurredAt: number
    },
    edits: readonly Edit[],
  ): Promise<Recording> {
    const { codec, recorder, history } = this.#parts
    const streams: AppendRequest['streams'][number][] = []
    for (const { stream, amendments } of parts) {
      const range = await history.amendmentsOf({ tenant: origin.tenant, stream })
      await this.#requireFoldable(range, amendments)
      const events = amendments.map((one) => amendmentToAppend(codec, one, origin.occurredAt))
      streams.push({ stream, expected: range.to, events })
    }
    return recorder.record({
      tenant: origin.tenant,
      branch: mainBranch,
      commandId: origin.commandId,
      actor: origin.actor ?? null,
      correlationId: origin.correlationId ?? null,
      causationId: null,
      streams,
      conditions: [],
      documents: [],
      command: {
        type: amendType,
        payload: codec.encode('command', amendType, 1, payloadOf(edits, origin.why)),
        status: 'accepted',
        reason: null,
        causationId: origin.causationId ?? null,
        reads: JSON.stringify({ streams: streams.map(({ stream, expected }) => [stream, expected]) }),
      },
    })
  }

  /** What each edit says about which stream. */
  async #partsOf(tenant: string, edits: readonly Edit[], why: string): Promise<readonly Part[]> {
    const parts = new Map<string, Part>()
    for (const edit of edits) {
      const { stream, ...amendment } = await this.#amendmentOf(tenant, edit, why)
      const part = parts.get(stream) ?? { stream, amendments: [] }
      part.amendments.push(amendment)
      parts.set(stream, part)
    }
    return [...parts.values()]
  }

  async #amendmentOf(
    tenant: string,
    edit: Edit,
    why: string,
  ): Promise<Omit<Amendment, 'row'> & { stream: string }> {
    if ('insert' in edit && 'first' in edit) {
      const first = await this.#firstOf(tenant, checkStreamName(edit.first))
      const target = { id: null, type: null, revision: 0, position: first.position - 1 }
      const content = this.#contentOf(edit.insert, first)
      return { stream: first.stream, target, edit: 'insert', why, content }
    }
    const [kind, id, event] =
      'insert' in edit
        ? (['insert', edit.after, edit.insert] as const)
        : 'replace' in edit
          ? (['replace', edit.replace, edit.by] as const)
          : 'omit' in edit
            ? (['omit', edit.omit, undefined] as const)
            : (['restore', edit.restore, undefined] as const)
    const row = await this.#targetOf(tenant, id)
    const target = { id, type: this.#typeOf(row), revision: row.revision, position: row.position }
    return { stream: row.stream, target, edit: kind, why, content: event && this.#contentOf(event, row) }
  }

  #typeOf(row: EventRow): string {
    return isAmendment(row) ? (this.#parts.history.amendment(row).content?.type ?? row.type) : row.type
  }

  async #targetOf(tenant: string, id: string): Promise<EventRow> {
    const { store, history } = this.#parts
    const row = await findEvent(store, tenant, id)
    if (row === undefined)
      throw new HeadwaterError('event.not-found', `There is no event ${JSON.stringify(id)}`, {
        details: { id },
      })
    if (isAmendment(row) && history.amendment(row).edit !== 'insert')
      throw invalid(`${id} is an amendment itself: say what holds about the event that it is about`)
    return row
  }

  async #firstOf(tenant: string, stream: string): Promise<EventRow> {
    const query = { branch: mainBranch, tenant, stream, after: 0, limit: 1 }
    const [first] = (await this.#parts.store.log.readStream(query)).events
    if (first === undefined) throw invalid(`${stream} has no events: append to it`)
    return first
  }

  /** @throws HeadwaterError `event.unknown`, `event.newer-version` */
  #contentOf(event: NewEvent, { stream, occurredAt }: EventRow): NonNullable<Amendment['content']> {
    const { registry, codec } = this.#parts
    const { type, version, data } = event
    const known = registry.events.get(type)
    if (known === undefined)
      throw new HeadwaterError('event.unknown', `This app defines no event type ${type}`, {
        details: { type },
      })
    if (version > known.version) throw newerVersion('This app', type, known.version, version)
    const aggregate = registry.aggregates.get(aggregateNameOf(stream))
    if (aggregate !== undefined && !aggregate.events.some((one) => one.type === type))
      throw new HeadwaterError(
        'event.unknown',
        `Aggregate ${aggregate.name} has no reducer for event ${type}`,
        {
          details: { type, aggregate: aggregate.name },
        },
      )
    return {
      type,
      version,
      data: codec.encode('event', type, version, data),
      occurredAt: event.occurredAt?.getTime() ?? occurredAt,
    }
  }

  /** Nothing is recorded that the aggregate could not read again. @throws HeadwaterError `amendment.unfoldable` */
  async #requireFoldable(range: AmendedRange, amendments: Part['amendments']): Promise<void> {
    const { registry, history } = this.#parts
    const aggregate = registry.aggregates.get(aggregateNameOf(range.stream))
    if (aggregate === undefined) return
    // Later than all that is recorded: where they will stand is not known yet.
    let position = Number.MAX_SAFE_INTEGER - amendments.length
    for (const amendment of amendments) {
      position += 1
      range.overlay.add({ ...amendment, row: pendingRow(range, position) })
    }
    const versions = versionsOf(aggregate.events)
    let { initial: state } = aggregate
    let last: EventRow | undefined
    try {
      for await (const row of history.standing(range, aggregate.order)) {
        last = row
        requireKnown(versions, row, `Aggregate ${aggregate.name}`)
        state = aggregate.evolve(state, this.#parts.decode(row))
      }
    } catch (cause) {
      if (isHeadwaterError(cause, 'event.newer-version')) throw cause
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new HeadwaterError(
        'amendment.unfoldable',
        `Aggregate ${aggregate.name} could not fold ${range.stream} with it: ${why}`,
        { cause, details: { stream: range.stream, type: last?.type, revision: last?.revision } },
      )
    }
  }

  async #appended(id: string, { events, result }: Recording, parts: readonly Part[]): Promise<Amendments> {
    const { tenant } = events[0] ?? { tenant: '' }
    const said = parts.flatMap(({ stream, amendments }) => amendments.map((one) => ({ ...one, stream })))
    // A snapshot of what was amended is of no use; others would find out, and fold from the first event each time.
    for (const { stream } of parts)
      await this.#parts.store.snapshots.drop({ branch: mainBranch, tenant, stream })
    if (result.status !== 'appended' || result.position === undefined)
      throw new HeadwaterError('log.outcome-unknown', `Nothing is known of the amendments ${id}`)
    return {
      id,
      position: result.position + said.length - 1,
      amendments: events.slice(0, said.length).map((event, index) => ({
        id: event.id,
        edit: said[index]?.edit ?? 'restore',
        target: said[index]?.target.id ?? null,
        stream: event.stream,
        revision: event.revision,
        position: event.position,
      })),
    }
  }

  /** The answer that was given to the same amendments before. @throws HeadwaterError `command.id-reused` */
  async #repeated(
    tenant: string,
    id: string,
    edits: readonly Edit[],
    { actor = null, why }: AmendOptions,
  ): Promise<Amendments> {
    const { answers, history } = this.#parts
    const payload = payloadOf(edits, why)
    const stored = await answers.events(tenant, id, amendType, payload, actor, (same) => same)
    const amendments = stored.filter(isAmendment).map((row) => {
      const { edit, target } = history.amendment(row)
      const { id: own, stream, revision, position } = row
      return { id: own, edit, target: target.id, stream, revision, position }
    })
    return { id, position: amendments.at(-1)?.position ?? 0, amendments }
  }
}

function payloadOf(edits: readonly Edit[], why: string): unknown {
  return { why, edits }
}

/** What is amended before it is recorded; only its position and whose it is are looked at. */
function pendingRow({ tenant, stream }: AmendedRange, position: number): EventRow {
  return {
    position,
    tenant,
    stream,
    revision: position,
    type: amendedType,
    version: 1,
    commandId: 'pending',
    ordinal: 1,
    recordedAt: 0,
    occurredAt: 0,
    actor: null,
    correlationId: null,
    causationId: null,
    data: 'null',
  }
}

function invalid(message: string): HeadwaterError {
  return new HeadwaterError('amendment.invalid', message)
}
