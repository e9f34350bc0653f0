import { createHash, type Hash } from 'node:crypto'
import {
  type ArchiveHead,
  type ArchiveRecord,
  HeadwaterError,
  parseHeadLine,
  parseRecordLine,
  type Place,
} from '@headwater/core'
import { openInput } from '../import/file.ts'
import { type Line, linesOf } from '../import/lines.ts'

/** Lines whose checksum is right. */
export interface ArchiveBlock {
  readonly head: ArchiveHead
  readonly records: readonly ArchiveRecord[]
  /** Bytes of the file up to here, the line with the checksum included. */
  readonly bytes: number
  /** Of all lines up to here. */
  readonly hash: Hash
  /** Nothing is missing behind it. */
  readonly isLast: boolean
}

/**
 * An archive, block by block: what is given is as it was written.
 *
 * @throws HeadwaterError `archive.invalid` where a checksum is wrong or the end is missing
 */
export async function* archiveBlocks(lines: AsyncIterable<readonly Line[]>): AsyncGenerator<ArchiveBlock> {
  const hash = createHash('sha256')
  let head: ArchiveHead | undefined
  let records: ArchiveRecord[] = []
  let bytes = 0
  for await (const batch of lines) {
    for (const { number, text } of batch) {
      bytes += Buffer.byteLength(text) + 1
      const checksum = /^\{"(check|end)":"([0-9a-f]{64})"\}$/.exec(text)
      if (checksum === null) {
        hash.update(`${text}\n`)
        if (head === undefined) head = requireHead(text)
        else records.push(parseRecordLine(text))
        continue
      }
      if (head === undefined || hash.copy().digest('hex') !== checksum[2])
        throw invalid(`Up to line ${number} it is not as it was written`)
      const isLast = checksum[1] === 'end'
      yield { head, records, bytes, hash: hash.copy(), isLast }
      if (isLast) return
      records = []
    }
  }
  throw invalid('Its end is missing')
}

/** Whether a file begins as an archive does. */
export async function isArchive(path: string): Promise<boolean> {
  const { chunks } = await openInput(path)
  for await (const chunk of chunks)
    return Buffer.from(chunk).toString('latin1').startsWith('{"headwater":"log"')
  return false
}

/** What of an unfinished archive is whole. */
export interface Whole {
  readonly head: ArchiveHead
  readonly place: Place
  readonly events: number
  readonly bytes: number
  readonly hash: Hash
}

/** Undefined: nothing of it, or it is past the events, of which the rest is soon written again. */
export async function readWhole(path: string): Promise<Whole | undefined> {
  let whole: Whole | undefined
  let events = 0
  let place: Place = { position: 0, sequence: 0 }
  try {
    for await (const { head, records, bytes, hash } of archiveBlocks(
      linesOf((await openInput(path)).chunks, 'utf-8'),
    )) {
      for (const record of records) {
        if (record.kind !== 'transaction') return whole
        const { command, events: rows } = record.transaction
        events += rows.length
        place = {
          position: rows.at(-1)?.position ?? place.position,
          sequence: command?.sequence ?? place.sequence,
        }
      }
      whole = { head, place, events, bytes, hash }
    }
  } catch (error) {
    if (!(error instanceof HeadwaterError)) throw error
  }
  return whole
}

function requireHead(text: string): ArchiveHead {
  const head = parseHeadLine(text)
  if (head === undefined) throw invalid('Its first line is not that of an archive')
  return head
}

function invalid(why: string): HeadwaterError {
  return new HeadwaterError('archive.invalid', `The file is no whole archive: ${why}`)
}
