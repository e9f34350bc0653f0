import { isDeepStrictEqual } from 'node:util'
import type { Reason } from '../decide/reject.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { PayloadCodec } from '../message/codec.ts'
import { eventId } from '../message/identity.ts'
import { mainBranch, type EventRow, type Log } from '../log/port.ts'
import type { CommandRow, Store } from '../log/store.ts'
import type { Outcome, RecordedReference } from './outcome.ts'

/** What a command read, as its row says. */
export interface Reads {
  readonly streams?: readonly (readonly [stream: string, revision: number])[]
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
   * @throws HeadwaterError `command.id-reused`, `log.outcome-unknown`
   */
  async events(
    tenant: string,
    id: string,
    type: string,
    payload: unknown,
    actor: string | null,
  ): Promise<readonly StoredReference[]> {
    const row = await this.#store.commands.find(mainBranch, tenant, id)
    if (row === undefined) throw new HeadwaterError('log.outcome-unknown', `No append is stored under ${id}`)
    this.#requireSame(row, type, payload, actor)
    const events = await eventsOf(this.#store.log, row)
    return events.map((event) => ({ ...event, id: eventId(event.commandId, event.ordinal) }))
  }

  /** @throws HeadwaterError `command.id-reused` */
  #requireSame(row: CommandRow, type: string, payload: unknown, actor: string | null): void {
    const differs =
      row.type !== type
        ? 'type'
        : row.actor !== actor
          ? 'actor'
          : this.#isSamePayload(row, payload)
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

  #isSamePayload(row: CommandRow, payload: unknown): boolean {
    const sent = this.#codec.decode(
      'command',
      row.type,
      1,
      this.#codec.encode('command', row.type, 1, payload),
    )
    return isDeepStrictEqual(this.#codec.decode('command', row.type, 1, row.payload), sent)
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
