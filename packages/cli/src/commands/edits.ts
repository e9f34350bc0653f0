import type { RawContent } from '@headwater/core'
import type { RawEdit } from '../source/source.ts'
import type { Terminal } from '../terminal/terminal.ts'
import {
  type Fields,
  fieldsOf,
  integerOf,
  type LineOfFields,
  noOthers,
  readJsonLines,
  textOf,
  timeOf,
  wrongLine,
} from './json-lines.ts'

const edit = { name: 'edit', example: '{"replace":{"event":"0198….1","data":{"price":25}}}' }

/**
 * Edits from a file or, for `-`, from stdin: JSON Lines, each as `POST /amendments` takes one.
 *
 * @throws CliError `cli.file-not-found`, or usage, naming the line
 */
export async function readEdits(file: string, terminal: Terminal): Promise<readonly RawEdit[]> {
  return (await readJsonLines(file, edit, terminal)).map(editIn)
}

function editIn({ place, fields }: LineOfFields): RawEdit {
  const { omit, restore, replace, insert, ...others } = fields
  const [kind, more] = [omit, restore, replace, insert].filter((one) => one !== undefined)
  if (kind === undefined || more !== undefined || Object.keys(others).length > 0)
    throw wrongLine(edit, place, 'is not one of omit, restore, replace and insert')
  const text = (value: unknown, name: string) => textOf(value, edit, place, name)
  if (omit !== undefined) return { omit: text(omit, 'omit') }
  if (restore !== undefined) return { restore: text(restore, 'restore') }
  if (replace !== undefined) {
    const { event, type, ...content } = fieldsOf(replace, edit, place)
    const by = { ...contentOf(content, place), ...(type !== undefined && { type: text(type, 'type') }) }
    return { replace: text(event, 'event'), by }
  }
  const { after, stream, type, ...content } = fieldsOf(insert, edit, place)
  const inserted = { ...contentOf(content, place), type: text(type, 'type') }
  if ((after === undefined) === (stream === undefined))
    throw wrongLine(
      edit,
      place,
      'has to name either the event behind which it inserts, or the stream, to begin it',
    )
  return after === undefined
    ? { insert: inserted, first: text(stream, 'stream') }
    : { insert: inserted, after: text(after, 'after') }
}

function contentOf(
  { data, version, occurredAt, ...others }: Fields,
  place: string,
): Omit<RawContent, 'type'> {
  noOthers(others, edit, place)
  if (data === undefined) throw wrongLine(edit, place, 'has no data')
  const time = timeOf(occurredAt, edit, place, 'occurredAt')
  const number = integerOf(version, edit, place, 'version')
  return { data, ...(number !== undefined && { version: number }), ...(time && { occurredAt: time }) }
}
