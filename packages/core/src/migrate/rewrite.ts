import { register } from '../app/registry.ts'
import { EventReader } from '../log/event-reader.ts'
import { mainBranch, type EventRow, type EventToAppend, type Log } from '../log/port.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { HeadwaterError, isHeadwaterError } from '../message/errors.ts'
import type { AnyEventType, NewEvent } from '../message/event.ts'
import type { RecordedEvent, RecordedEventOf } from '../message/recorded.ts'
import { checkStreamName } from '../message/stream.ts'
import { newerVersion } from '../message/upcast.ts'
import { carried, isOurs } from './carry.ts'
import type { Elsewhere, Migration, Rewriting, Rewritten } from './definition.ts'

/** What becomes of one old event. */
export interface Outcome {
  readonly row: EventRow
  /** By stream. */
  readonly events: readonly { readonly stream: string; readonly event: EventToAppend }[]
  readonly dropped: string | undefined
  readonly into: RecordedEvent | undefined
}

const pageSize = 500

/** Applies a migration's rules to what was recorded at once. */
export class Rewriter {
  readonly #migration: Migration
  readonly #log: Log
  readonly #codec: PayloadCodec
  readonly #types: ReadonlyMap<string, AnyEventType>
  /** As the app reads events, and as the rules do. */
  readonly #asToday: EventReader
  readonly #asRuled: EventReader
  readonly #isShifted: () => boolean

  /**
   * @param isShifted whether any event before the next one has another id, or another place, in the new log
   * @throws HeadwaterError `app.invalid`
   */
  constructor(migration: Migration, log: Log, codec: PayloadCodec, isShifted: () => boolean) {
    this.#isShifted = isShifted
    this.#migration = migration
    this.#log = log
    this.#codec = codec
    this.#types = register(migration.app).events
    this.#asToday = new EventReader(codec, this.#types.values())
    this.#asRuled = new EventReader(codec, [...this.#types.values(), ...migration.from])
  }

  /** @throws HeadwaterError `migration.failed` */
  async rewrite(rows: readonly EventRow[]): Promise<readonly Outcome[]> {
    const transaction = rows.map((row) => this.#asRuled.read(row))
    const outcomes: Outcome[] = []
    for (const [index, row] of rows.entries()) {
      const event = transaction[index]
      if (event !== undefined) outcomes.push(await this.#rewriteOne(row, event, transaction))
    }
    return outcomes
  }

  async #rewriteOne(
    row: EventRow,
    event: RecordedEvent,
    transaction: readonly RecordedEvent[],
  ): Promise<Outcome> {
    try {
      if (isOurs(row)) return this.#carried(row)
      const rule = this.#migration.rules.get(row.type)
      const rewritten = rule === undefined ? keep() : await rule(event, this.#rewriting(row, transaction))
      return this.#outcomeOf(row, rewritten)
    } catch (cause) {
      throw failure(row, cause)
    }
  }

  #carried(row: EventRow): Outcome {
    const parts = { codec: this.#codec, migration: this.#migration, isShifted: this.#isShifted() }
    const events = [{ stream: row.stream, event: carried(row, parts) }]
    return { row, events, dropped: undefined, into: undefined }
  }

  #outcomeOf(row: EventRow, rewritten: Rewritten): Outcome {
    if (rewritten === undefined || rewritten === null) throw new TypeError('its rule gives nothing')
    const nothing = { row, events: [], dropped: undefined, into: undefined }
    if ('kind' in rewritten && rewritten.kind === 'dropped') return { ...nothing, dropped: rewritten.reason }
    if ('kind' in rewritten && rewritten.kind === 'merged') return { ...nothing, into: rewritten.into }
    const own = checkStreamName(this.#migration.streams(row.stream))
    if ('kind' in rewritten && rewritten.kind === 'kept')
      return { ...nothing, events: [{ stream: own, event: this.#copied(row) }] }
    const parts = listOf(rewritten)
    const events = parts.flatMap((part) =>
      'kind' in part
        ? part.events.map((event) => ({
            stream: checkStreamName(part.stream),
            event: this.#made(row, event),
          }))
        : [{ stream: own, event: this.#made(row, part) }],
    )
    if (events.length > 0) return { ...nothing, events }
    throw new TypeError('its rule gives no event and no reason: return drop(reason), or merge(into)')
  }

  /** As it was recorded where that is the current version, byte for byte; else as every reader of today has it. */
  #copied(row: EventRow): EventToAppend {
    const { type, occurredAt } = row
    const known = this.#types.get(type)
    if (known === undefined)
      throw new HeadwaterError(
        'event.unknown',
        `the app has no event type ${type}: add it to the app’s events, or give it a rule`,
      )
    if (row.version > known.version) throw newerVersion('The app', type, known.version, row.version)
    const isCurrent = row.version === known.version
    const event = this.#asToday.read(row)
    return {
      type,
      version: known.version,
      data: isCurrent ? row.data : this.#codec.encode('event', type, known.version, event.data),
      occurredAt,
      tags: known.tagsOf === undefined ? [] : known.tagsOf(event.data as never),
    }
  }

  #made(row: EventRow, { type, version, data, occurredAt, tags }: NewEvent): EventToAppend {
    const known = this.#types.get(type)
    if (known === undefined) throw new HeadwaterError('event.unknown', `the app has no event type ${type}`)
    if (known.version !== version)
      throw new TypeError(`its rule gives ${type} in version ${version}; the app’s is ${known.version}`)
    return {
      type,
      version,
      data: this.#codec.encode('event', type, version, data),
      occurredAt: occurredAt?.getTime() ?? row.occurredAt,
      tags,
    }
  }

  #rewriting(row: EventRow, transaction: readonly RecordedEvent[]): Rewriting {
    return {
      transaction,
      siblings: (type) => transaction.filter((event) => isOf(event, type)),
      history: (type?: AnyEventType) => this.#history(row, type),
      keep,
      drop: (reason) => {
        if (typeof reason === 'string' && reason.trim() !== '') return { kind: 'dropped', reason }
        throw new TypeError('an event is dropped for a reason')
      },
      merge: (into) => {
        if (into.position !== row.position) return { kind: 'merged', into }
        throw new TypeError('an event can’t be merged into itself')
      },
      on: (stream, events) => ({ kind: 'elsewhere', stream, events: isList(events) ? events : [events] }),
    }
  }

  async *#history<Event extends AnyEventType>(
    { tenant, stream }: EventRow,
    type: Event | undefined,
  ): AsyncGenerator<RecordedEventOf<Event>> {
    let after = 0
    for (;;) {
      const page = await this.#log.readStream({ branch: mainBranch, tenant, stream, after, limit: pageSize })
      for (const row of page.events) {
        const event = this.#asRuled.read(row)
        if (isOf(event, type)) yield event
      }
      const last = page.events.at(-1)
      if (last === undefined || last.revision >= page.revision) return
      after = last.revision
    }
  }
}

/** Of the same name: it is read by the type of that name in the migration's `from`. */
function isOf<Event extends AnyEventType>(
  event: RecordedEvent,
  type: Event | undefined,
): event is RecordedEventOf<Event> {
  return type === undefined || event.type === type.type
}

const keep = () => ({ kind: 'kept' }) as const

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value)
}

function listOf(rewritten: NewEvent | Elsewhere | readonly (NewEvent | Elsewhere)[]) {
  return isList(rewritten) ? rewritten : [rewritten]
}

function failure({ position, stream, revision, type, version }: EventRow, cause: unknown): HeadwaterError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new HeadwaterError(
    'migration.failed',
    `${type} v${version} at position ${position} (${stream} at ${revision}) can’t be migrated: ${why}`,
    {
      cause,
      details: { position, stream, revision, type, version },
      ...(isHeadwaterError(cause) && cause.issues !== undefined && { issues: cause.issues }),
    },
  )
}
