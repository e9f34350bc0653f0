import { mainBranch, type EventRow, type Log, type LogPage } from '../log/port.ts'
import type { SegmentRow, Segments } from '../log/segments.ts'
import { SegmentHash } from './hash.ts'

const pageSize = 1_000

/** What to do in between: to stop, and to tell how far it has come. */
export interface Along {
  readonly signal?: AbortSignal
  /** Told after each page of the log: up to which position it was read. */
  readonly onProgress?: (position: number) => void
}

/** The events from a position to another, in pages: while one is worked on the next is read. */
export async function* pagesOf(
  log: Pick<Log, 'read'>,
  first: number,
  last: number,
  { signal, onProgress }: Along,
): AsyncGenerator<readonly EventRow[]> {
  const read = (after: number) =>
    log.read({ branch: mainBranch, tenant: undefined, after, to: last, limit: pageSize })
  let next: Promise<LogPage> | undefined = read(first - 1)
  try {
    while (next !== undefined) {
      const page: LogPage = await next
      signal?.throwIfAborted()
      next = page.scannedTo < last && page.scannedTo < page.head ? read(page.scannedTo) : undefined
      yield page.events
      onProgress?.(page.scannedTo)
    }
  } finally {
    // Whoever stops early doesn't hear what becomes of the page that is under way.
    await Promise.allSettled([next])
  }
}

/** @param previous the hash of the segment before */
export async function hashOf(
  log: Pick<Log, 'read'>,
  { first, last }: Pick<SegmentRow, 'first' | 'last'>,
  previous: string,
  along: Along = {},
): Promise<string> {
  const hash = new SegmentHash(previous, first)
  for await (const events of pagesOf(log, first, last, along)) for (const event of events) hash.add(event)
  return hash.digest()
}

export async function* segmentRows(segments: Pick<Segments, 'list'>, after = 0): AsyncGenerator<SegmentRow> {
  for (let number = after; ; ) {
    const rows = await segments.list({ after: number, limit: pageSize })
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    number = last.number
  }
}

/** The segment of the highest number; undefined: none is sealed. */
export async function lastSegment(segments: Pick<Segments, 'list'>): Promise<SegmentRow | undefined> {
  let last: SegmentRow | undefined
  for await (const row of segmentRows(segments)) last = row
  return last
}
