import { isAmendment, readAmendment } from '../amend/amendment.ts'
import type { Aggregate } from '../decide/aggregate.ts'
import { EventReader } from '../log/event-reader.ts'
import { mainBranch, type EventRow } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { AnyCommandType } from '../message/command.ts'
import { type ErrorCode, HeadwaterError, isHeadwaterError, type Issue } from '../message/errors.ts'
import type { AnyEventType } from '../message/event.ts'
import { eventId } from '../message/identity.ts'
import { mergedType } from '../time/compare/merged.ts'
import { parse, type Schema } from '../message/schema.ts'
import { aggregateNameOf } from '../message/stream.ts'
import { newerVersion } from '../message/upcast.ts'

/** Something recorded that today's code could not have recorded, and may not be able to read. */
export interface Misfit {
  readonly kind: 'event' | 'command'
  /** Of an event its position in the log, of a command its number in the command log. */
  readonly position: number
  readonly id: string
  readonly tenant: string
  readonly type: string
  /** The schema version it was recorded with; of commands, which have none, 1. */
  readonly version: number
  /** `stream` and `revision` of an event. */
  readonly stream: string | undefined
  readonly revision: number | undefined
  readonly code: ErrorCode
  readonly message: string
  /** What is wrong with the data, and where. */
  readonly issues: readonly Issue[]
}

/** A part of the history that was checked. */
export interface CheckedPage {
  readonly kind: 'event' | 'command'
  /** What was looked at. */
  readonly checked: readonly { readonly type: string; readonly version: number }[]
  readonly misfits: readonly Misfit[]
  /** How far the log, or the command log, was read. */
  readonly scannedTo: number
}

/** What today's code defines. */
export interface CheckedAgainst {
  readonly events: ReadonlyMap<string, AnyEventType>
  readonly commands: ReadonlyMap<string, AnyCommandType>
  readonly aggregates: ReadonlyMap<string, Aggregate>
}

export interface CheckOptions {
  /** How payloads are stored. */
  readonly codec: PayloadCodec
  /** Positions above this one; default 0. */
  readonly after?: number
  /** The commands of the command log too; default false. */
  readonly withCommands?: boolean
  /** How much is read at a time; default 500. */
  readonly pageSize?: number
}

/**
 * Reads what all tenants have recorded up to now against today's schemas, page by page: events as every reader sees them,
 * brought to the current version. Others get their turn between two pages.
 */
export async function* checkHistory(
  store: Store,
  against: CheckedAgainst,
  options: CheckOptions,
): AsyncGenerator<CheckedPage> {
  const { position: head } = await store.log.head(mainBranch)
  const limit = options.pageSize ?? 500
  const reader = new EventReader(options.codec, against.events.values())
  for (let after = options.after ?? 0; after < head; ) {
    const page = await store.log.read({ branch: mainBranch, tenant: undefined, after, limit })
    const rows = page.events.filter(({ position }) => position <= head)
    after = Math.min(page.scannedTo, head)
    const checked = rows.flatMap((row) => contentOf(row, reader) ?? [])
    const misfits = checked.flatMap((row) => misfitOf(row, against, reader) ?? [])
    yield { kind: 'event', checked, misfits, scannedTo: after }
    await new Promise(setImmediate)
  }
  if (options.withCommands === true) yield* checkCommands(store, against, options.codec, limit)
}

async function* checkCommands(
  store: Store,
  against: CheckedAgainst,
  codec: PayloadCodec,
  limit: number,
): AsyncGenerator<CheckedPage> {
  for (let after = 0; ; ) {
    const rows = await store.commands.read({ branch: mainBranch, tenant: undefined, after, limit })
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.sequence
    // Appends without a command have rows of Headwater's own types here, and their events were checked.
    const commands = rows.filter(({ type }) => !type.startsWith('$'))
    const misfits = commands.flatMap((row) => misfitOfCommand(row, against, codec) ?? [])
    const checked = commands.map(({ type }) => ({ type, version: 1 }))
    yield { kind: 'command', checked, misfits, scannedTo: after }
    await new Promise(setImmediate)
  }
}

/** Of an amendment what it puts into history; undefined: it puts nothing there, as that a branch was merged doesn't. */
function contentOf(row: EventRow, reader: EventReader): EventRow | undefined {
  if (row.type === mergedType) return undefined
  if (!isAmendment(row)) return row
  const { content } = readAmendment(row, reader.read(row).data)
  return content && { ...row, ...content }
}

/** Undefined: it fits. */
function misfitOf(row: EventRow, against: CheckedAgainst, reader: EventReader): Misfit | undefined {
  const { position, tenant, type, version, stream, revision } = row
  const known = against.events.get(type)
  const aggregate = against.aggregates.get(aggregateNameOf(stream))
  return misfit(
    () => {
      if (known === undefined) throw unknown(type, `This app defines no event type ${type}`)
      if (version > known.version) throw newerVersion('This app', type, known.version, version)
      if (aggregate !== undefined && !aggregate.events.some((event) => event.type === type))
        throw unknown(type, `Aggregate ${aggregate.name} has no reducer for event ${type}`)
      // Not by the reader, whose errors name the place: what is wrong for one reason is told once.
      const data = known.upcast(version, reader.read(row).asRecorded().data)
      fit(known.schema, data, 'event.invalid', `Event ${type}`)
    },
    {
      kind: 'event',
      position,
      id: eventId(row.commandId, row.ordinal),
      tenant,
      type,
      version,
      stream,
      revision,
    },
  )
}

function misfitOfCommand(row: CommandRow, against: CheckedAgainst, codec: PayloadCodec): Misfit | undefined {
  const { sequence: position, id, tenant, type } = row
  const known = against.commands.get(type)
  return misfit(
    () => {
      if (known === undefined)
        throw new HeadwaterError('command.unknown', `No aggregate of this app decides command ${type}`)
      fit(known.schema, codec.decode('command', type, 1, row.payload), 'command.invalid', `Command ${type}`)
    },
    { kind: 'command', position, id, tenant, type, version: 1, stream: undefined, revision: undefined },
  )
}

/** A schema that throws, as a refinement may that was written for today's data, fits no better than one that refuses. */
function fit(schema: Schema, data: unknown, code: ErrorCode, what: string): void {
  try {
    parse(schema, data, code, what)
  } catch (cause) {
    if (isHeadwaterError(cause)) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new HeadwaterError(code, `The schema of ${what} failed: ${why}`, { cause })
  }
}

function misfit(check: () => void, of: Omit<Misfit, 'code' | 'message' | 'issues'>): Misfit | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!isHeadwaterError(error)) throw error
    return { ...of, code: error.code, message: error.message, issues: error.issues ?? [] }
  }
}

function unknown(type: string, message: string): HeadwaterError {
  return new HeadwaterError('event.unknown', message, { details: { type } })
}
