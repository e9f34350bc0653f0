import {
  type AnyEventType,
  describeIssue,
  type ErrorCode,
  eventFrom,
  type Headwater,
  isHeadwaterError,
  type NewEvent,
  noTenant,
  parseEventId,
} from '@headwater/core'
import type { Scope } from '../source/scope.ts'
import { eventTypesOf } from '../app/parts.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import type { Listing } from '../terminal/listing.ts'
import type { RefusedLine } from './groups.ts'
import type { SourceRecord } from './source.ts'

export interface EventTally {
  lines: number
  events: number
  /** Of those: how many had been there before this import. */
  repeated: number
  refused: number
}

export interface EventImport {
  readonly headwater: Headwater
  readonly records: AsyncIterable<readonly SourceRecord[]>
  readonly refusals: Listing<RefusedLine>
  /** Appends under way at once. */
  readonly concurrency: number
  /** Whose the events become: of a tenant, or each of its own. */
  readonly scope: Scope
  readonly signal: AbortSignal
  readonly onProgress: (tally: Readonly<EventTally>) => void
}

interface Transaction {
  readonly id: string
  readonly tenant: string
  readonly envelopes: Envelope[]
  readonly lines: number[]
}

/**
 * Records events as another log had them (`headwater export`): the same ids, streams, revisions, times and causes, in the
 * same order. What one command recorded is again recorded in one transaction, under that command's id, so a second
 * import finds what the first one did.
 */
export async function importEvents(task: EventImport): Promise<EventTally> {
  const { headwater, refusals } = task
  const types = eventTypesOf(headwater.app)
  const tally: EventTally = { lines: 0, events: 0, repeated: 0, refused: 0 }
  const { position: headBefore } = await headwater.head()
  const window = new Window(task.concurrency, async (transaction) => {
    const result = await record(headwater, types, transaction, headBefore)
    if (typeof result === 'string') {
      tally.refused += transaction.envelopes.length
      await refusals.add({
        line: transaction.lines[0] ?? 0,
        code: 'event.refused',
        reason: result,
        group: transaction.id,
      })
    } else {
      tally.events += transaction.envelopes.length
      tally.repeated += result
    }
    task.onProgress(tally)
  })
  let open: Transaction | undefined
  for await (const batch of task.records) {
    task.signal.throwIfAborted()
    for (const source of batch) {
      tally.lines++
      const envelope = source.value === undefined ? (source.fault ?? '') : readEnvelope(source.value)
      const refusal = typeof envelope === 'string' ? envelope : foreign(envelope, task.scope)
      if (typeof envelope === 'string' || refusal !== undefined) {
        tally.refused++
        await refusals.add({ line: source.line, code: 'line.malformed', reason: refusal ?? '' })
        continue
      }
      const id = parseEventId(envelope.id)?.commandId ?? envelope.id
      const tenant = envelope.tenant ?? task.scope.tenant ?? noTenant
      if (open?.id !== id || open.tenant !== tenant) {
        if (open !== undefined) await window.add(open)
        open = { id, tenant, envelopes: [], lines: [] }
      }
      open.envelopes.push(envelope)
      open.lines.push(source.line)
    }
  }
  if (open !== undefined) await window.add(open)
  await window.drain()
  return tally
}

/** Why an event that says whose it is can't be recorded where nobody said that it may go there. */
function foreign({ tenant }: Envelope, { tenant: wanted = noTenant, allTenants }: Scope): string | undefined {
  if (allTenants || tenant === undefined || tenant === wanted) return undefined
  return `it is of ${tenant === noTenant ? 'no tenant' : `tenant ${tenant}`}: import it with --all-tenants`
}

/** Appends that touch different streams are under way together and keep their order; one of the same stream waits. */
class Window {
  readonly #most: number
  readonly #record: (transaction: Transaction) => Promise<void>
  readonly #streams = new Set<string>()
  #underway: Promise<void>[] = []

  constructor(most: number, record: (transaction: Transaction) => Promise<void>) {
    this.#most = most
    this.#record = record
  }

  async add(transaction: Transaction): Promise<void> {
    const streams = transaction.envelopes.map(({ stream }) => `${transaction.tenant}/${stream}`)
    if (this.#underway.length >= this.#most || streams.some((stream) => this.#streams.has(stream)))
      await this.drain()
    for (const stream of streams) this.#streams.add(stream)
    this.#underway.push(this.#record(transaction))
  }

  async drain(): Promise<void> {
    const underway = this.#underway
    this.#underway = []
    this.#streams.clear()
    await Promise.all(underway)
  }
}

/** Gives how many of the events were there before, or why they can't be recorded. */
async function record(
  headwater: Headwater,
  types: ReadonlyMap<string, AnyEventType>,
  { id, tenant, envelopes }: Transaction,
  headBefore: number,
): Promise<number | string> {
  const parts = new Map<string, { stream: string; expected: number; events: NewEvent[] }>()
  try {
    for (const envelope of envelopes) {
      const type = types.get(envelope.type)
      if (type === undefined) return `this app has no event type ${envelope.type}`
      const part = parts.get(envelope.stream) ?? {
        stream: envelope.stream,
        expected: envelope.revision - 1,
        events: [],
      }
      part.events.push(make(type, envelope))
      parts.set(envelope.stream, part)
    }
    const { actor, correlationId, causationId } = envelopes[0] ?? {
      actor: null,
      correlationId: null,
      causationId: null,
    }
    const { position } = await headwater.appendAll([...parts.values()], {
      id,
      tenant,
      actor,
      ...(correlationId !== null && correlationId !== id && { correlationId }),
      ...(causationId !== null && causationId !== id && { causationId }),
    })
    return position <= headBefore ? envelopes.length : 0
  } catch (error) {
    if (isHeadwaterError(error, 'event.invalid'))
      return error.issues?.map(describeIssue).join('; ') ?? error.message
    if (isHeadwaterError(error) && refusedCodes.has(error.code)) return error.message
    throw error
  }
}

/** What is about the events themselves, and stops no others. */
const refusedCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'command.id-reused',
  'event.newer-version',
  'event.upcast-failed',
  'log.conflict',
])

/**
 * What an older version recorded is brought to the current one. The data was checked when it was first recorded; it is
 * checked again, as the file may have been edited.
 */
function make(type: AnyEventType, { version, data, occurredAt }: Envelope): NewEvent {
  return eventFrom(type, version ?? type.version, data, { occurredAt: new Date(occurredAt) })
}
