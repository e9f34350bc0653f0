import { usageError } from '../command/cli-error.ts'
import { openInput } from '../import/file.ts'
import type { Terminal } from '../terminal/terminal.ts'

export type Fields = Readonly<Record<string, unknown>>

/** An object on a line of a file. */
export interface LineOfFields {
  /** Names it for people: `line 3`. */
  readonly place: string
  readonly fields: Fields
}

/** How what is wrong with a line is told. */
export interface LineKind {
  /** What a line holds: `edit`. */
  readonly name: string
  /** What one looks like. */
  readonly example: string
}

/**
 * Objects from a file or, for `-`, from stdin: JSON Lines.
 *
 * @throws CliError `cli.file-not-found`, or usage, naming the line
 */
export async function readJsonLines(
  file: string,
  kind: LineKind,
  terminal: Terminal,
): Promise<readonly LineOfFields[]> {
  const text = file === '-' ? await terminal.input() : await textIn(file)
  const lines = text.split('\n').flatMap((line, index) => {
    const place = `line ${index + 1}`
    return line.trim() === '' ? [] : [{ place, fields: fieldsOf(parse(line, kind, place), kind, place) }]
  })
  if (lines.length === 0)
    throw usageError(`${file} holds no ${kind.name}`, `Give one per line: ${kind.example}`)
  return lines
}

async function textIn(file: string): Promise<string> {
  const { chunks } = await openInput(file)
  return Buffer.concat(await Array.fromAsync(chunks)).toString('utf8')
}

function parse(line: string, kind: LineKind, place: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw wrongLine(kind, place, `is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

export function fieldsOf(value: unknown, kind: LineKind, place: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongLine(kind, place, 'is no object')
  return { ...value }
}

export function textOf(value: unknown, kind: LineKind, place: string, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw wrongLine(kind, place, `needs ${name}, as text`)
}

export function timeOf(value: unknown, kind: LineKind, place: string, name: string): Date | undefined {
  if (value === undefined) return undefined
  const time = new Date(textOf(value, kind, place, name))
  if (!Number.isNaN(time.getTime())) return time
  throw wrongLine(kind, place, `has a time in ${name} that is no time in ISO 8601`)
}

export function integerOf(value: unknown, kind: LineKind, place: string, name: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw wrongLine(kind, place, `has in ${name} no whole number`)
}

export function noOthers(others: Fields, kind: LineKind, place: string): void {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw wrongLine(kind, place, `has ${JSON.stringify(unknown)}, which means nothing here`)
}

export function wrongLine({ name, example }: LineKind, place: string, what: string): Error {
  return usageError(`The ${name} of ${place} ${what}`, example)
}
