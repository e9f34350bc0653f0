import { HeadwaterError } from '../message/errors.ts'
import type { EventRow } from '../log/port.ts'
import type { SegmentRow } from '../log/segments.ts'
import { SegmentHash } from './hash.ts'

/** Where the events of a detached segment are kept. `segmentFile(path)` is one. */
export interface SegmentFile {
  /** Noted with the segment and told to whoever needs its events: the whole path, or an address. */
  readonly name: string
  isThere(): Promise<boolean>
  /** Keeps the lines. Nobody finds them before they are all there and would survive a power cut. */
  write(lines: AsyncIterable<string>): Promise<void>
  read(): AsyncIterable<string>
}

const format = 1

/** A segment as lines of JSON: its place and hash, then one event each. */
export function headLine({ number, first, last, hash }: SegmentRow): string {
  return JSON.stringify({ headwater: 'segment', format, number, first, last, hash })
}

export function eventLine({ data, ...event }: EventRow): string {
  return JSON.stringify(
    typeof data === 'string' ? { ...event, data } : { ...event, bytes: Buffer.from(data).toString('base64') },
  )
}

type EventOnLine = Omit<EventRow, 'data'> & ({ readonly data: string } | { readonly bytes: string })

function parseEvent(line: string): EventRow {
  const event: EventOnLine = JSON.parse(line)
  if ('data' in event) return event
  const { bytes, ...rest } = event
  return { ...rest, data: new Uint8Array(Buffer.from(bytes, 'base64')) }
}

/**
 * The events of a file. That they are those of the segment is known when the last one was read: whoever needs to be sure
 * before reads the file twice.
 *
 * @param previous the hash of the segment before
 * @throws HeadwaterError `segment.invalid-file`
 */
export async function* eventsIn(
  file: SegmentFile,
  segment: SegmentRow,
  previous: string,
): AsyncGenerator<EventRow> {
  if (!(await file.isThere())) throw invalidFile(file, segment, 'it is not there')
  const hash = new SegmentHash(previous, segment.first)
  let isHead = true
  for await (const line of linesIn(file, segment)) {
    if (isHead) {
      if (line !== headLine(segment)) throw invalidFile(file, segment, 'it begins otherwise')
      isHead = false
      continue
    }
    const event = parsed(file, segment, line)
    hash.add(event)
    yield event
  }
  const found = hash.digest()
  if (found !== segment.hash) throw invalidFile(file, segment, `its events have the hash ${found}`)
}

/** @throws HeadwaterError `segment.invalid-file` */
export async function requireWhole(file: SegmentFile, segment: SegmentRow, previous: string): Promise<void> {
  for await (const _event of eventsIn(file, segment, previous));
}

async function* linesIn(file: SegmentFile, segment: SegmentRow): AsyncGenerator<string> {
  try {
    yield* file.read()
  } catch (cause) {
    throw invalidFile(file, segment, 'it can not be read to its end', cause)
  }
}

function parsed(file: SegmentFile, segment: SegmentRow, line: string): EventRow {
  try {
    return parseEvent(line)
  } catch (cause) {
    throw invalidFile(file, segment, 'a line is no event', cause)
  }
}

function invalidFile(
  { name }: SegmentFile,
  { number }: SegmentRow,
  why: string,
  cause?: unknown,
): HeadwaterError {
  return new HeadwaterError(
    'segment.invalid-file',
    `${name} does not hold segment ${number} as it was sealed: ${why}`,
    {
      details: { segment: number, file: name },
      cause,
    },
  )
}
