import type { RawContent } from '@headwater/core'
import { usageError } from '../command/cli-error.ts'
import { openInput } from '../import/file.ts'
import type { RawEdit } from '../source/source.ts'
import type { Terminal } from '../terminal/terminal.ts'

/**
 * Edits from a file or, for `-`, from stdin: JSON Lines, each as `POST /amendments` takes one.
 *
 * @throws CliError `cli.file-not-found`, or usage, naming the line
 */
export async function readEdits(file: string, terminal: Terminal): Promise<readonly RawEdit[]> {
  const text = file === '-' ? await terminal.input() : await textIn(file)
  const edits = text.split('\n').flatMap((line, index) => {
    return line.trim() === '' ? [] : [editIn(line, `line ${index + 1}`)]
  })
  if (edits.length === 0) throw usageError(`${file} holds no edits`, 'Give one edit per line, as JSON.')
  return edits
}

async function textIn(file: string): Promise<string> {
  const { chunks } = await openInput(file)
  return Buffer.concat(await Array.fromAsync(chunks)).toString('utf8')
}

type Fields = Readonly<Record<string, unknown>>

function editIn(line: string, place: string): RawEdit {
  const { omit, restore, replace, insert, ...others } = fieldsOf(parse(line, place), place)
  const [kind, more] = [omit, restore, replace, insert].filter((one) => one !== undefined)
  if (kind === undefined || more !== undefined || Object.keys(others).length > 0)
    throw wrong(place, 'is not one of omit, restore, replace and insert')
  if (omit !== undefined) return { omit: textOf(omit, place, 'omit') }
  if (restore !== undefined) return { restore: textOf(restore, place, 'restore') }
  if (replace !== undefined) {
    const { event, type, ...content } = fieldsOf(replace, place)
    const by = {
      ...contentOf(content, place),
      ...(type !== undefined && { type: textOf(type, place, 'type') }),
    }
    return { replace: textOf(event, place, 'event'), by }
  }
  const { after, stream, type, ...content } = fieldsOf(insert, place)
  const inserted = { ...contentOf(content, place), type: textOf(type, place, 'type') }
  if ((after === undefined) === (stream === undefined))
    throw wrong(place, 'has to name either the event behind which it inserts, or the stream, to begin it')
  return after === undefined
    ? { insert: inserted, first: textOf(stream, place, 'stream') }
    : { insert: inserted, after: textOf(after, place, 'after') }
}

function contentOf(
  { data, version, occurredAt, ...others }: Fields,
  place: string,
): Omit<RawContent, 'type'> {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw wrong(place, `has ${JSON.stringify(unknown)}, which means nothing here`)
  if (data === undefined) throw wrong(place, 'has no data')
  const time = occurredAt === undefined ? undefined : new Date(textOf(occurredAt, place, 'occurredAt'))
  if (time !== undefined && Number.isNaN(time.getTime()))
    throw wrong(place, 'has an occurredAt that is no time in ISO 8601')
  if (version !== undefined && (typeof version !== 'number' || !Number.isInteger(version)))
    throw wrong(place, 'has a version that is no whole number')
  return { data, ...(version !== undefined && { version }), ...(time && { occurredAt: time }) }
}

function parse(line: string, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw wrong(place, `is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(place, 'is no object')
  return { ...value }
}

function textOf(value: unknown, place: string, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw wrong(place, `needs ${name}, as text`)
}

function wrong(place: string, what: string): Error {
  return usageError(`The edit of ${place} ${what}`, '{"replace":{"event":"0198….1","data":{"price":25}}}')
}
