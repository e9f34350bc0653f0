import { amendedType } from '../amend/amendment.ts'
import { HeadwaterError } from '../message/errors.ts'
import { mainBranch, type EventRow } from '../log/port.ts'
import type { Detaching, SegmentRow } from '../log/segments.ts'
import type { Store } from '../log/store.ts'
import { eventLine, eventsIn, headLine, requireWhole, type SegmentFile } from './file.ts'
import { noHash } from './hash.ts'
import { type Along, pagesOf, segmentRows } from './read.ts'
import { infoOf, type SegmentInfo } from './summary.ts'

export interface DetachOptions extends Along {
  /**
   * Also where streams have several events in it and no snapshot of the last one or a later one: their states can't be
   * folded while it is detached, so no command can be decided on them. For streams that nobody uses any more. Default false.
   */
  readonly withoutSnapshots?: boolean
}

/** So many positions are gone over by one statement: it takes milliseconds. */
const step = 5_000
const pageSize = 1_000

/** Writes a segment into a file and removes its events. Interrupted at any instant, it goes on when it is called again. */
export async function detach(
  store: Store,
  number: number,
  file: SegmentFile,
  { withoutSnapshots = false, ...along }: DetachOptions,
): Promise<SegmentInfo> {
  const detaching = requireDetaching(store)
  const { row, previous } = await find(store, number)
  if (row.state === 'attached') {
    await requireUnneeded(store, detaching, row, withoutSnapshots)
    if (!(await file.isThere())) await file.write(linesOf(store, row, along))
    await requireWhole(file, row, previous)
    if (!(await detaching.begin(row, file.name))) {
      await requireNoNeeds(detaching, row)
      throw changed(row)
    }
  } else if (row.state === 'detaching') {
    // What is removed is in the file: it is looked at again, for it may have been moved meanwhile.
    await requireWhole(file, row, previous)
  } else throw changed(row)
  for (let after = row.first - 1; after < row.last; after += step) {
    along.signal?.throwIfAborted()
    await detaching.remove(number, after, Math.min(after + step, row.last))
    along.onProgress?.(Math.min(after + step, row.last))
  }
  if (!(await detaching.end(number))) throw changed(row)
  return infoOf({ ...row, state: 'detached', file: row.file ?? file.name })
}

/** Brings the events of a file back. Interrupted at any instant, it goes on when it is called again. */
export async function attach(
  store: Store,
  number: number,
  file: SegmentFile,
  { signal, onProgress }: Along,
): Promise<SegmentInfo> {
  const detaching = requireDetaching(store)
  const { row, previous } = await find(store, number)
  if (row.state === 'attached') throw changed(row)
  // Nothing is put back before all of it was seen to be right.
  await requireWhole(file, row, previous)
  if (!(await detaching.bringBack(number))) throw changed(row)
  let page: EventRow[] = []
  const put = async () => {
    await detaching.put(number, page)
    onProgress?.(page.at(-1)?.position ?? row.first)
    page = []
  }
  for await (const event of eventsIn(file, row, previous)) {
    signal?.throwIfAborted()
    page.push(event)
    if (page.length >= pageSize) await put()
  }
  await put()
  if (!(await detaching.attach(number))) throw changed(row)
  return infoOf({ ...row, state: 'attached', file: null })
}

async function* linesOf({ log }: Store, row: SegmentRow, along: Along): AsyncGenerator<string> {
  yield headLine(row)
  for await (const events of pagesOf(log, row.first, row.last, along)) yield* events.map(eventLine)
}

function requireDetaching({ segments, name }: Store): Detaching {
  if (segments.detaching !== undefined) return segments.detaching
  throw new HeadwaterError('segment.unsupported', `${name} keeps all of its segments`)
}

/** @throws HeadwaterError `segment.unknown` */
async function find(
  { segments }: Store,
  number: number,
): Promise<{ readonly row: SegmentRow; readonly previous: string }> {
  let previous = noHash
  for await (const row of segmentRows(segments)) {
    if (row.number === number) return { row, previous }
    previous = row.hash
  }
  throw new HeadwaterError('segment.unknown', `No segment ${number} is sealed`, {
    details: { segment: number },
  })
}

function changed({ number, state }: SegmentRow): HeadwaterError {
  return new HeadwaterError(
    'segment.changed',
    `Segment ${number} was ${state}, and is to be neither detached nor attached from there, or somebody else was faster`,
    { details: { segment: number, state } },
  )
}

/** @throws HeadwaterError `segment.needed` */
async function requireUnneeded(
  store: Store,
  detaching: Detaching,
  row: SegmentRow,
  withoutSnapshots: boolean,
): Promise<void> {
  await requireNoNeeds(detaching, row)
  const { first, last } = row
  const scope = { branch: mainBranch, tenant: undefined, after: first - 1, to: last, limit: 1 }
  const [amendment] = (await store.log.read({ ...scope, types: [amendedType] })).events
  if (amendment !== undefined) throw needed(row, `the amendment at position ${amendment.position}`)
  if (withoutSnapshots) return
  const open = await openStreams(store, row)
  const [stream] = open
  if (stream !== undefined)
    throw needed(
      row,
      `${open.size} streams without a snapshot of their last event in it, such as ${stream[1].name}`,
    )
}

async function requireNoNeeds(detaching: Detaching, row: SegmentRow): Promise<void> {
  const [need] = await detaching.needs(row)
  if (need !== undefined)
    throw needed(row, `the ${need.kind} ${need.name}, which is at position ${need.position}`)
}

function needed(row: SegmentRow, by: string): HeadwaterError {
  return new HeadwaterError('segment.needed', `Segment ${row.number} is needed by ${by}`, {
    details: { segment: row.number },
  })
}

/** Streams with several events in the segment that could not be folded without them: no more than it has events. */
async function openStreams(
  { log, snapshots }: Store,
  { first, last }: SegmentRow,
): Promise<Map<string, { readonly name: string; readonly from: number; to: number }>> {
  const streams = new Map<string, { readonly name: string; readonly from: number; to: number }>()
  for await (const events of pagesOf(log, first, last, {})) {
    for (const { tenant, stream, revision } of events) {
      const key = JSON.stringify([tenant, stream])
      const known = streams.get(key)
      if (known === undefined) streams.set(key, { name: stream, from: revision, to: revision })
      else known.to = revision
    }
  }
  // The only one stays in the log.
  for (const [key, { from, to }] of streams) if (from === to) streams.delete(key)
  let after: { readonly tenant: string; readonly stream: string } | undefined
  for (;;) {
    const query = { branch: mainBranch, tenant: undefined, prefix: '', after, limit: pageSize }
    const page = await snapshots.list(query)
    for (const { tenant, stream, revision } of page) {
      const key = JSON.stringify([tenant, stream])
      if (revision >= (streams.get(key)?.to ?? Number.POSITIVE_INFINITY)) streams.delete(key)
    }
    after = page.at(-1)
    if (after === undefined) return streams
  }
}
