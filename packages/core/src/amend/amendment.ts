import type { Encoded, PayloadCodec } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { EventRow, EventToAppend } from '../log/port.ts'
import type { Slot } from './place.ts'

/** The type of the facts that amend others. The dollar keeps it apart from all types of users. */
export const amendedType = '$amended'
/** The type of the commands that recorded them. */
export const amendType = '$amend'
/** The type of the commands that recorded what became of others which were decided again on a branch. */
export const decidedType = '$decided'

/**
 * - `omit`: the target counts no more.
 * - `replace`: another event stands in the target's place.
 * - `insert`: one more event stands right behind the target.
 * - `restore`: whatever was said about the target is taken back.
 */
export type AmendmentEdit = 'omit' | 'replace' | 'insert' | 'restore'

/** An event by all that it can be found by. */
export interface AmendmentTarget {
  /** Null: the beginning of the stream, behind which something is inserted. */
  readonly id: string | null
  /** In the stream; 0: the beginning. */
  readonly revision: number
  /** As it was recorded, or inserted; null: the beginning. */
  readonly type: string | null
  /** In the log; of an inserted event that of the amendment which inserted it. Of the beginning: before the first event. */
  readonly position: number
  /** Where an event is inserted that a command decided when it was decided again: as of then. Undefined: right behind. */
  readonly at?: Slot
}

/** What takes the target's place, or stands behind it: encoded, as an event is. */
export interface AmendmentContent {
  readonly type: string
  readonly version: number
  readonly data: Encoded
  /** Epoch milliseconds. */
  readonly occurredAt: number
}

/** A fact about another fact, in the stream of that one: nothing that is recorded is changed by it. */
export interface Amendment {
  readonly target: AmendmentTarget
  readonly edit: AmendmentEdit
  readonly why: string
  readonly content: AmendmentContent | undefined
  /** As it was recorded itself. */
  readonly row: EventRow
}

/** The data of an amendment, as the log keeps it and readers of the log see it. */
export interface AmendmentData {
  readonly target: AmendmentTarget
  readonly edit: AmendmentEdit
  readonly why: string
  readonly event?: {
    readonly type: string
    readonly version: number
    /** ISO 8601. */
    readonly occurredAt: string
    /** As the codec has encoded it: JSON that is JSON stays legible, other text and bytes (base64) stand apart. */
    readonly data?: unknown
    readonly text?: string
    readonly bytes?: string
  }
}

export function isAmendment({ type }: { readonly type: string }): boolean {
  return type === amendedType
}

/** @param data of the row, decoded */
export function readAmendment(row: EventRow, data: unknown): Amendment {
  const { target, edit, why, event } = data as AmendmentData
  const content = event && {
    type: event.type,
    version: event.version,
    data: encodedIn(event),
    occurredAt: Date.parse(event.occurredAt),
  }
  return { target, edit, why, content, row }
}

/** What is appended for an amendment; its event's data has passed the codec on its own, as that of any event has. */
export function amendmentToAppend(
  codec: PayloadCodec,
  { target, edit, why, content }: Omit<Amendment, 'row'>,
  occurredAt: number,
): EventToAppend {
  const data: AmendmentData = {
    target,
    edit,
    why,
    ...(content !== undefined && {
      event: {
        type: content.type,
        version: content.version,
        occurredAt: new Date(content.occurredAt).toISOString(),
        ...legible(content.data),
      },
    }),
  }
  const encoded = codec.encode('event', amendedType, 1, data)
  return { type: amendedType, version: 1, data: encoded, occurredAt, tags: [] }
}

function legible(encoded: Encoded): Pick<NonNullable<AmendmentData['event']>, 'data' | 'text' | 'bytes'> {
  if (typeof encoded !== 'string') return { bytes: Buffer.from(encoded).toString('base64') }
  try {
    const data: unknown = JSON.parse(encoded)
    // What JSON can't say twice in the same way, such as a number too long for it, stays text.
    return JSON.stringify(data) === encoded ? { data } : { text: encoded }
  } catch {
    return { text: encoded }
  }
}

function encodedIn(event: NonNullable<AmendmentData['event']>): Encoded {
  if (event.bytes !== undefined) return Buffer.from(event.bytes, 'base64')
  if (event.text !== undefined) return event.text
  if ('data' in event) return JSON.stringify(event.data)
  throw new HeadwaterError('codec.failed', `An amendment holds no data of its ${event.type}`)
}
