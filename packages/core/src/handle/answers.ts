import { isDeepStrictEqual } from 'node:util'
import type { Reason } from '../decide/reject.ts'
import type { RuleRead } from '../decide/rule-book.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import type { ExternalRead } from '../external/calls.ts'
import { eventId } from '../message/identity.ts'
import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import type { Outcome, RecordedReference } from './outcome.ts'

/** What a command read, as its row says. */
export interface Reads {
  readonly streams?: readonly (readonly [stream: string, revision: number])[]
  /** What time it was to the decision, in epoch milliseconds; undefined: that at which its first event occurred. */
  readonly now?: number
  readonly rules?: readonly RuleRead[]
  /** Answers from the outside, by their places in the journal of externals. */
  readonly externals?: readonly ExternalRead[]
  /** Tables of a user's, by whose they are; what was read in them is not known. */
  readonly tables?: readonly string[]
}

export function decodeReads(reads: string): Reads {
  return JSON.parse(reads) as Reads
}

/** A rejection's reason as it is stored and sent. */
export function decodeReason(codec: PayloadCodec, row: CommandRow): Reason | null {
  return row.reason === null ? null : (codec.decode('rejection', row.type, 1, row.reason) as Reason)
}

/** The events that a command made, from its row. */
export async function eventsOf(log: Log, row: CommandRow): Promise<readonly EventRow[]> {
  if (row.position === null || row.events === 0) return []
  const events: EventRow[] = []
  const last = row.position + row.events - 1
  let after = row.position - 1
  while (after < last) {
    const page = await log.read({ branch: mainBranch, tenant: row.tenant, after, limit: last - after })
    events.push(...page.events.filter(({ position }) => position <= last))
    if (page.scannedTo <= after) break
    after = page.scannedTo
  }
  return events
}

/** An event that an append made. */
export type StoredReference = EventRow & { readonly id: string }

/** The answers of commands that were handled before. */
export class StoredAnswers {
  readonly #store: Store
  readonly #codec: PayloadCodec

  constructor(store: Store, codec: PayloadCodec) {
    this.#store = store
    this.#codec = codec
  }

  /**
   * The stored answer of a command id; undefined where it was never handled.
   *
   * @throws HeadwaterError `command.id-reused`
   */
  async find(
    tenant: string,
    id: string,
    type: string,
    payload: unknown,
    actor: string | null,
  ): Promise<Outcome | undefined> {
    const row = await this.#store.commands.find(mainBranch, tenant, id)
    if (row === undefined) return undefined
    this.#requireSame(row, type, payload, actor)
    return this.outcome(row)
  }

  /**
   * The events of an append that was made before.
   *
   * @param toCurrent brings the payload that was stored then to what the same append sends today
   * @throws HeadwaterError `command.id-reused`, `log.outcome-unknown`
   */
  async events(
    tenant: string,
    id: string,
    type: string,
    payload: unknown,
    actor: string | null,
    toCurrent: (stored: unknown) => unknown,
  ): Promise<readonly StoredReference[]> {
    const row = await this.#store.commands.find(mainBranch, tenant, id)
    if (row === undefined) throw new HeadwaterError('log.outcome-unknown', `No append is stored under ${id}`)
    this.#requireSame(row, type, payload, actor, toCurrent)
    const events = await eventsOf(this.#store.log, row)
    return events.map((event) => ({ ...event, id: eventId(event.commandId, event.ordinal) }))
  }

  /** @throws HeadwaterError `command.id-reused` */
  #requireSame(
    row: CommandRow,
    type: string,
    payload: unknown,
    actor: string | null,
    toCurrent: (stored: unknown) => unknown = (stored) => stored,
  ): void {
    const differs =
      row.type !== type
        ? 'type'
        : row.actor !== actor
          ? 'actor'
          : this.#isSamePayload(row, payload, toCurrent)
            ? undefined
            : 'payload'
    if (differs === undefined) return
    throw new HeadwaterError(
      'command.id-reused',
      `Command id ${row.id} was used before with another ${differs}`,
      {
        details: { commandId: row.id, differs },
      },
    )
  }

  #isSamePayload(row: CommandRow, payload: unknown, toCurrent: (stored: unknown) => unknown): boolean {
    const sent = this.#codec.decode(
      'command',
      row.type,
      1,
      this.#codec.encode('command', row.type, 1, payload),
    )
    return isDeepStrictEqual(toCurrent(this.#codec.decode('command', row.type, 1, row.payload)), sent)
  }

  async outcome(row: CommandRow): Promise<Outcome> {
    const events = await eventsOf(this.#store.log, row)
    const [stream = '', readAt = 0] = decodeReads(row.reads).streams?.[0] ?? []
    const revision = events.findLast((event) => event.stream === stream)?.revision ?? readAt
    const common = {
      commandId: row.id,
      stream,
      revision,
      position: events.at(-1)?.position,
      events: events.map(({ commandId, ordinal, type, revision, position }): RecordedReference => {
        return { id: eventId(commandId, ordinal), type, revision, position }
      }),
    }
    const reason = decodeReason(this.#codec, row)
    return reason === null ? { status: 'accepted', ...common } : { status: 'rejected', ...common, reason }
  }
}
