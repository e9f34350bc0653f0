import { HeadwaterError } from '@headwater/core'
import type { Line } from './lines.ts'
import type { SourceRecord } from './source.ts'

/** A quoted field may go on over so many lines; a quote that is longer open was never meant to be one. */
const longestRecord = 1_000

/**
 * Reads CSV (RFC 4180) line by line: a faulty line is reported with its number and costs no other line, which parsers
 * of a stream can't do — one stray quote and they take the rest of the file for a field.
 *
 * @throws HeadwaterError `import.failed` where the header names no columns
 */
export async function* csvRecords(
  lines: AsyncIterable<readonly Line[]>,
  delimiter: string,
): AsyncGenerator<readonly SourceRecord[]> {
  let columns: readonly string[] | undefined
  let waiting: Line[] = []
  const take = (all: readonly Line[], atEnd: boolean): SourceRecord[] => {
    const records: SourceRecord[] = []
    let index = 0
    while (index < all.length) {
      const { fields, used, fault } = fieldsFrom(all, index, delimiter)
      const line = all[index]?.number ?? 0
      if (fields === undefined && !atEnd && all.length - index < longestRecord) break
      const open = fields === undefined ? 'the quote that begins here has no end' : fault
      // What comes after a faulty line is read for itself: a stray quote may have taken it for its own.
      index += open === undefined ? used : 1
      if (open !== undefined) records.push({ line, value: undefined, fault: open })
      else if (fields === undefined || isEmpty(fields)) continue
      else if (columns === undefined) columns = headerOf(fields)
      else records.push(recordOf(columns, fields, line))
    }
    waiting = all.slice(index)
    return records
  }
  for await (const batch of lines) {
    const records = take(waiting.length === 0 ? batch : [...waiting, ...batch], false)
    if (records.length > 0) yield records
  }
  const last = take(waiting, true)
  if (columns === undefined) throw new HeadwaterError('import.failed', 'The file is empty: it has no header')
  if (last.length > 0) yield last
}

interface Fields {
  /** Undefined: a quote is still open where the lines end. */
  readonly fields: readonly string[] | undefined
  /** How many lines they take. */
  readonly used: number
  readonly fault?: string
}

function fieldsFrom(lines: readonly Line[], start: number, delimiter: string): Fields {
  const first = lines[start]?.text ?? ''
  if (!first.includes('"')) return { fields: first.split(delimiter), used: 1 }
  let text = first
  const end = Math.min(lines.length, start + longestRecord)
  for (let next = start + 1; ; next++) {
    const { fields, open, fault } = quotedFields(text, delimiter)
    if (!open) return { fields, used: next - start, ...(fault !== undefined && { fault }) }
    if (next >= end) return { fields: undefined, used: 0 }
    text += `\n${lines[next]?.text ?? ''}`
  }
}

/** A quote is one only where a field begins with it; within such a field two stand for one. */
function quotedFields(text: string, delimiter: string): { fields: string[]; open: boolean; fault?: string } {
  const fields: string[] = []
  let at = 0
  for (;;) {
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at)
      fields.push(text.slice(at, end < 0 ? undefined : end))
      if (end < 0) return { fields, open: false }
      at = end + delimiter.length
      continue
    }
    const close = closingQuote(text, at + 1)
    if (close < 0) return { fields, open: true }
    fields.push(text.slice(at + 1, close).replaceAll('""', '"'))
    at = close + 1
    if (at >= text.length) return { fields, open: false }
    if (!text.startsWith(delimiter, at)) {
      return { fields, open: false, fault: `field ${fields.length} goes on after its closing quote` }
    }
    at += delimiter.length
  }
}

function closingQuote(text: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at)
    if (at < 0 || text[at + 1] !== '"') return at
  }
}

function headerOf(fields: readonly string[]): readonly string[] {
  const columns = fields.map((field) => field.trim())
  const twice = columns.find((column, index) => columns.indexOf(column) !== index)
  if (columns.every((column) => column === '')) {
    throw new HeadwaterError('import.failed', 'The first line names no columns')
  }
  if (twice !== undefined) {
    throw new HeadwaterError('import.failed', `The first line names column ${JSON.stringify(twice)} twice`)
  }
  return columns
}

function recordOf(columns: readonly string[], fields: readonly string[], line: number): SourceRecord {
  const value = Object.fromEntries(columns.map((column, index) => [column, fields[index]]))
  if (fields.length === columns.length) return { line, value, fault: undefined }
  return { line, value, fault: `has ${fields.length} fields where the header has ${columns.length}` }
}

function isEmpty(fields: readonly string[]): boolean {
  return fields.length === 1 && fields[0]?.trim() === ''
}
