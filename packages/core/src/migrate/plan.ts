import {
  mainBranch,
  type AppendRequest,
  type EventRow,
  type EventToAppend,
  type StreamAppend,
} from '../log/port.ts'
import type { CommandRow } from '../log/store.ts'
import { HeadwaterError } from '../message/errors.ts'
import { eventId } from '../message/identity.ts'
import type { MapEntry } from './map.ts'
import type { Outcome } from './rewrite.ts'
import type { Transaction } from './transactions.ts'

/** What a transaction of the old log becomes: what to append, and what became of each of its events. */
export interface Plan {
  readonly request: AppendRequest
  readonly entries: readonly MapEntry[]
  /** How many events the request holds. */
  readonly events: number
  /** Whether any of them has another id, or its stream other revisions, than before. */
  readonly isShifted: boolean
}

/** What has become of that which was recorded before. */
export interface Past {
  entryOf(old: number): Promise<MapEntry | undefined>
  /** The id of an event of the old log, as what it has become is called. */
  causeOf(tenant: string, id: string): Promise<string>
  /** What a command had read, as it reads in the new log. */
  readsOf(command: CommandRow): Promise<string>
}

/**
 * @param base the last position before it
 * @throws HeadwaterError `migration.failed`
 */
export async function planOf(
  transaction: Transaction,
  outcomes: readonly Outcome[],
  base: number,
  past: Past,
): Promise<Plan> {
  const { streams, ordinals } = layOut(outcomes)
  const entries: MapEntry[] = []
  for (const outcome of outcomes) entries.push(await entryOf(outcome, base, ordinals, entries, past))
  const request = await requestOf(transaction, streams, past)
  const events = streams.reduce((sum, part) => sum + part.events.length, 0)
  return { request, entries, events, isShifted: outcomes.some((outcome) => isShifted(outcome, ordinals)) }
}

interface Layout {
  readonly streams: readonly StreamAppend[]
  /** Of the new events of each old one, from 1. */
  readonly ordinals: ReadonlyMap<Outcome, readonly number[]>
}

/** An append holds each stream once, so what goes to one stream stands together. */
function layOut(outcomes: readonly Outcome[]): Layout {
  const streams = new Map<string, { event: EventToAppend; of: Outcome }[]>()
  for (const outcome of outcomes) {
    for (const { stream, event } of outcome.events) {
      const known = streams.get(stream)
      if (known === undefined) streams.set(stream, [{ event, of: outcome }])
      else known.push({ event, of: outcome })
    }
  }
  const ordinals = new Map<Outcome, number[]>()
  let ordinal = 0
  for (const { of } of [...streams.values()].flat()) {
    ordinal += 1
    const own = ordinals.get(of)
    if (own === undefined) ordinals.set(of, [ordinal])
    else own.push(ordinal)
  }
  return {
    streams: [...streams].map(([stream, events]) => {
      return { stream, expected: 'any', events: events.map(({ event }) => event) }
    }),
    ordinals,
  }
}

async function entryOf(
  outcome: Outcome,
  base: number,
  ordinals: Layout['ordinals'],
  entries: readonly MapEntry[],
  past: Past,
): Promise<MapEntry> {
  const { row, dropped, into } = outcome
  const old = row.position
  if (dropped !== undefined) return { old, new: [], dropped }
  if (into !== undefined) {
    const entry = entries.find((known) => known.old === into.position) ?? (await past.entryOf(into.position))
    if (entry === undefined || entry.new.length === 0) throw nothingToMergeInto(row, into.position)
    return { old, new: entry.new, id: entry.id ?? into.id, into: into.position }
  }
  const own = ordinals.get(outcome) ?? []
  const id = eventId(row.commandId, own[0] ?? 0)
  return {
    old,
    new: own.map((ordinal) => base + ordinal),
    ...(own[0] !== row.ordinal && { id }),
  }
}

async function requestOf(
  { command, events }: Transaction,
  streams: readonly StreamAppend[],
  past: Past,
): Promise<AppendRequest> {
  const origin = originOf(command, events[0])
  const { tenant, causationId } = origin
  return {
    ...origin,
    branch: mainBranch,
    causationId: causationId ? await past.causeOf(tenant, causationId) : causationId,
    streams,
    conditions: [],
    documents: [],
    command:
      command === undefined
        ? null
        : {
            type: command.type,
            payload: command.payload,
            status: command.status,
            reason: command.reason,
            causationId: command.causationId
              ? (await past.causeOf(tenant, command.causationId)) || null
              : null,
            reads: await past.readsOf(command),
          },
  }
}

function originOf(command: CommandRow | undefined, first: EventRow | undefined) {
  if (first !== undefined) {
    const { tenant, commandId, actor, correlationId, causationId, recordedAt } = first
    return { tenant, commandId, actor, correlationId, causationId, recordedAt }
  }
  // Either there are events, or there is a command that made none.
  const { tenant = '', id = '', actor = null, correlationId = null, decidedAt } = command ?? {}
  return { tenant, commandId: id, actor, correlationId, causationId: null, recordedAt: decidedAt }
}

function isShifted(outcome: Outcome, ordinals: Layout['ordinals']): boolean {
  const { row, events } = outcome
  const own = ordinals.get(outcome) ?? []
  return own.length !== 1 || own[0] !== row.ordinal || events[0]?.stream !== row.stream
}

function nothingToMergeInto({ position, stream, revision, type }: EventRow, into: number): HeadwaterError {
  return new HeadwaterError(
    'migration.failed',
    `${type} at position ${position} (${stream} at ${revision}) can’t be merged into what became of position ${into}: no event comes of that before it`,
    { details: { position, into } },
  )
}
