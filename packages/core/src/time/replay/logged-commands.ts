import { isDeepStrictEqual } from 'node:util'
import type { Slot } from '../../amend/place.ts'
import { decodeReads, eventsOf, type Reads } from '../../handle/answers.ts'
import type { Outcome } from '../../handle/outcome.ts'
import type { EventRow, EventToAppend, Log } from '../../log/port.ts'
import type { CommandRow } from '../../log/store.ts'
import type { CommandMessage } from '../../message/command.ts'
import { HeadwaterError } from '../../message/errors.ts'
import { parse } from '../../message/schema.ts'
import type { AmendedStreams } from './amended-streams.ts'
import type { SentCommand } from './decider.ts'
import type { DirtyStreams } from './dirty-streams.ts'
import type { ReplayParts } from './parts.ts'
import type { Sent } from './reactions.ts'
import type { Made } from './reconcile.ts'
import type { ReplayedOutcome } from './report.ts'

/** A command that is looked at, and what is known of it. */
export interface Looked {
  readonly id: string
  readonly type: string
  readonly actor: string | null
  readonly correlationId: string | null
  /** Undefined: it was never sent before. */
  readonly row: CommandRow | undefined
  readonly made: readonly Made[]
  /** Where its further events stand. */
  readonly behind: Slot
}

/** What the command log says of commands, for deciding them again. */
export class LoggedCommands {
  readonly #parts: ReplayParts
  readonly #amended: AmendedStreams
  readonly #streams: DirtyStreams
  /** Of the command that is looked at, if it has no events. */
  #slot: Slot = { slot: 0, order: [] }

  constructor(parts: ReplayParts, amended: AmendedStreams, streams: DirtyStreams) {
    this.#parts = parts
    this.#amended = amended
    this.#streams = streams
  }

  /**
   * Where a command is decided: before its first event. One without events stands behind what had been recorded by then.
   *
   * @param position of the last event of the command before
   */
  async slotOf(row: CommandRow, reads: Reads, position: number): Promise<Slot> {
    if (row.position !== null) return { slot: row.position, order: [] }
    const [stream, revision = 0] = reads.streams?.[0] ?? []
    const aggregate = this.#parts.routes.get(row.type)?.aggregate
    const isAmended = stream !== undefined && aggregate !== undefined && this.#amended.isAmended(stream)
    // What was recorded without a command is in no command's row.
    return isAmended
      ? this.#standAt(row, Math.max(position, await this.#streams.positionOf(aggregate, stream, revision)))
      : this.#standAt(row, position)
  }

  /** The same of one that read no stream that is amended. */
  slotOfUntouched(row: CommandRow, position: number): Slot {
    return row.position === null ? this.#standAt(row, position) : { slot: row.position, order: [] }
  }

  /** Whether a command read a rule, or the state of a stream that is amended. */
  mayBeTouched({ type }: CommandRow, { streams = [], rules }: Reads): boolean {
    if (rules !== undefined) return true
    const isAmended = streams.some(([stream]) => this.#amended.isAmended(stream))
    return isAmended && this.#parts.routes.get(type)?.aggregate !== undefined
  }

  #standAt({ sequence }: CommandRow, position: number): Slot {
    this.#slot = { slot: Math.max(position, this.#slot.slot), order: [sequence] }
    return this.#slot
  }

  async look(row: CommandRow): Promise<Looked> {
    const { id, type, actor, correlationId } = row
    const rows = await eventsOf(this.#parts.store.log, row)
    const made = [
      ...rows.map((one) => this.#amended.made(one, false)),
      ...this.#amended.insertedFor(id).map((one) => this.#amended.made(one, true)),
    ]
    return {
      id,
      type,
      actor,
      correlationId,
      row,
      made,
      behind: row.position === null ? this.#slot : behind(row),
    }
  }

  /** A command as it was sent, or as a subscription sends it now. @throws HeadwaterError `command.unknown`, `command.invalid` */
  async again(row: CommandRow, reads: Reads, sent: Sent | undefined): Promise<SentCommand> {
    const { id, actor, correlationId, causationId } = row
    const now = await nowOf(this.#parts.store.log, row, reads)
    const revision = sent === undefined ? reads.streams?.[0]?.[1] : undefined
    const message = sent?.message ?? this.#messageOf(row)
    return { id, message, actor, correlationId, causationId, now, revision }
  }

  /** For a subscription that goes by it. */
  async outcomeOf(row: CommandRow, { status, reason }: ReplayedOutcome): Promise<Outcome> {
    const { commandId, stream, revision, position, events } = await this.#parts.answers.outcome(row)
    return status === 'accepted'
      ? { status, commandId, stream, revision, position, events }
      : {
          status: 'rejected',
          commandId,
          stream,
          revision,
          position: undefined,
          events: [],
          reason: reason ?? { code: status, message: undefined, data: undefined },
        }
  }

  readonly isSame = (row: EventRow, event: EventToAppend): boolean => {
    const { type, version, data, occurredAt } = event
    if (row.type !== type || row.occurredAt !== occurredAt) return false
    if (row.version === version && row.data === data) return true
    const { feed } = this.#parts
    return isDeepStrictEqual(feed.decode(row).data, feed.decode({ ...row, version, data }).data)
  }

  #messageOf({ type, payload }: CommandRow): CommandMessage {
    const { routes, codec } = this.#parts
    const route = routes.get(type)
    if (route === undefined)
      throw new HeadwaterError('command.unknown', `This app decides no command ${type} any more`)
    const data = codec.decode('command', type, 1, payload)
    const parsed = parse(route.command.schema, data, 'command.invalid', `Command ${type}`)
    return { kind: 'command', type, data: parsed }
  }
}

/** Behind the last event of a command. */
export function behind({ position, events, sequence }: CommandRow): Slot {
  return { slot: (position ?? 0) + Math.max(0, events - 1), order: [sequence] }
}

/** What time it was to a decision, in epoch milliseconds. */
export async function nowOf(log: Log, row: CommandRow, { now }: Reads): Promise<number> {
  if (now !== undefined) return now
  const [first] = await eventsOf(log, row)
  return first?.occurredAt ?? row.decidedAt
}

export function streamOf({ reads }: CommandRow): string | null {
  return decodeReads(reads).streams?.[0]?.[0] ?? null
}

/** Events as they were before anything was said about them. */
export function asRecorded(made: readonly Made[]): ReadonlyMap<string, readonly EventToAppend[]> {
  const streams = new Map<string, EventToAppend[]>()
  for (const { original } of made) {
    if (original === undefined) continue
    const { stream, type, version, data, occurredAt } = original
    const event = { type, version, data, occurredAt, tags: [] }
    const known = streams.get(stream)
    if (known === undefined) streams.set(stream, [event])
    else known.push(event)
  }
  return streams
}
