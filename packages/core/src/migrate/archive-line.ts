import type { EventToPark } from '../log/parking.ts'
import type { EventRow } from '../log/port.ts'
import type { Encoded } from '../message/codec.ts'
import { HeadwaterError } from '../message/errors.ts'
import type { ArchivedCall, ArchivedProcessor, ArchiveHead, ArchiveRecord } from './archive.ts'
import type { Transaction } from './transactions.ts'

/** Rises when a reader of today could not make the same log of an archive. From 2 on calls to the outside are in it. */
const format = 2

/**
 * An archive as JSON Lines. Payloads stand in it as JSON where they are JSON as `JSON.stringify` writes it, so that they can
 * be read; else as `{"$text": …}` or `{"$bytes": base64}`.
 */
export function headLine({ epoch, position }: ArchiveHead): string {
  return JSON.stringify({ headwater: 'log', format, epoch, position })
}

/** Undefined: it is not the first line of an archive. @throws HeadwaterError `archive.invalid` of another format */
export function parseHeadLine(line: string): ArchiveHead | undefined {
  const value = parse(line)
  if (value?.['headwater'] !== 'log') return undefined
  if (value['format'] !== 1 && value['format'] !== format)
    throw new HeadwaterError(
      'archive.invalid',
      `The archive is of format ${String(value['format'])}, not of one up to ${format}`,
    )
  return { epoch: String(value['epoch']), position: Number(value['position']) }
}

export function recordLine(record: ArchiveRecord): string {
  switch (record.kind) {
    case 'transaction':
      return transactionLine(record.transaction)
    case 'calls':
      return JSON.stringify({ calls: record.calls.map(openedCall) })
    case 'processor':
      return JSON.stringify({ processor: record.processor })
    case 'parked':
      return JSON.stringify({ parked: record.parked.map(openedParked) })
  }
}

function transactionLine({ command, events }: Transaction): string {
  return JSON.stringify({
    ...(command && {
      command: {
        ...command,
        payload: opened(command.payload),
        reason: command.reason === null ? null : opened(command.reason),
      },
    }),
    ...(events.length > 0 && { events: events.map((row) => ({ ...row, data: opened(row.data) })) }),
  })
}

/** @throws HeadwaterError `archive.invalid` */
export function parseRecordLine(line: string): ArchiveRecord {
  const value = parse(line)
  if (value === undefined)
    throw new HeadwaterError('archive.invalid', 'A line of the archive is no JSON object')
  const { command, events, calls, processor, parked } = value as {
    readonly command?: Opened<NonNullable<Transaction['command']>, 'payload' | 'reason'>
    readonly events?: readonly Opened<EventRow, 'data'>[]
    readonly calls?: readonly OpenedCall[]
    readonly processor?: ArchivedProcessor
    readonly parked?: readonly OpenedParked[]
  }
  if (calls !== undefined) return { kind: 'calls', calls: calls.map(closedCall) }
  if (processor !== undefined) return { kind: 'processor', processor }
  if (parked !== undefined) return { kind: 'parked', parked: parked.map(closedParked) }
  if (command === undefined && events === undefined)
    throw new HeadwaterError(
      'archive.invalid',
      'A line of the archive is neither a transaction nor a processor',
    )
  return {
    kind: 'transaction',
    transaction: {
      command: command && {
        ...command,
        payload: closed(command.payload),
        reason: command.reason === null ? null : closed(command.reason),
      },
      events: (events ?? []).map((row) => ({ ...row, data: closed(row.data) })),
    },
  }
}

type Opened<Row, Fields extends keyof Row> = Omit<Row, Fields> & { readonly [Field in Fields]: unknown }
type OpenedCall = Opened<ArchivedCall, 'request' | 'answer'>
type OpenedParked = Omit<EventToPark, 'edit'> & {
  readonly edit?: Opened<NonNullable<EventToPark['edit']>, 'data'>
}

function openedCall(call: ArchivedCall): OpenedCall {
  const { request, answer } = call
  return { ...call, request: opened(request), answer: answer === null ? null : opened(answer) }
}

/** That an answer is null as JSON is told from there being none: it stands as `{"$text": "null"}`. */
function closedCall(call: OpenedCall): ArchivedCall {
  const { request, answer } = call
  return { ...call, request: closed(request), answer: answer === null ? null : closed(answer) }
}

function openedParked({ edit, ...event }: EventToPark): OpenedParked {
  return { ...event, ...(edit && { edit: { ...edit, data: opened(edit.data) } }) }
}

function closedParked({ edit, ...event }: OpenedParked): EventToPark {
  return { ...event, edit: edit && { ...edit, data: closed(edit.data) } }
}

function opened(data: Encoded): unknown {
  if (typeof data !== 'string') return { $bytes: Buffer.from(data).toString('base64') }
  try {
    const value: unknown = JSON.parse(data)
    if (value !== null && JSON.stringify(value) === data && !isMarked(value)) return value
  } catch {
    // A text that is no JSON is one all the same.
  }
  return { $text: data }
}

function closed(value: unknown): Encoded {
  if (!isMarked(value)) return JSON.stringify(value)
  return value.$text ?? new Uint8Array(Buffer.from(value.$bytes ?? '', 'base64'))
}

function isMarked(value: unknown): value is { readonly $text?: string; readonly $bytes?: string } {
  if (typeof value !== 'object' || value === null) return false
  const [key, ...others] = Object.keys(value)
  return others.length === 0 && (key === '$text' || key === '$bytes')
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
