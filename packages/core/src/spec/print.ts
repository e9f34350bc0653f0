import { inspect } from 'node:util'
import { type Difference, nothing } from './difference.ts'
import { Likeness } from './like.ts'

const longestLine = 110
const mostDifferences = 8

/** A value in one line; a function is shown as it is written. */
export function inline(value: unknown, longest = longestLine): string {
  if (value === nothing) return '(nothing)'
  const text = inspect(written(value), {
    depth: 6,
    compact: true,
    breakLength: Number.POSITIVE_INFINITY,
    maxArrayLength: 20,
    maxStringLength: 200,
  }).replace(/\s*\n\s*/g, ' ')
  return text.length <= longest ? text : `${text.slice(0, longest - 2)} …`
}

/** Functions that describe a part are shown by their text. */
function written(value: unknown): unknown {
  if (value instanceof Likeness) return written(value.part)
  if (typeof value === 'function') return { [inspect.custom]: () => String(value) }
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, written(inner)]))
}

/** What stands where, and what was expected there. */
export function describeDifferences(
  found: readonly Difference[],
  sides: readonly [expected: string, actual: string] = ['expected', 'actual'],
): readonly string[] {
  const width = Math.max(...sides.map((side) => side.length))
  const lines = found
    .slice(0, mostDifferences)
    .flatMap(({ path, expected, actual }) => [
      ...(path === '' ? [] : [`  at ${path}`]),
      `    ${sides[0].padEnd(width)}  ${inline(expected)}`,
      `    ${sides[1].padEnd(width)}  ${inline(actual)}`,
    ])
  const more = found.length - mostDifferences
  return more > 0 ? [...lines, `  and ${more} more`] : lines
}

/** A line of what happened before. */
export interface StoryLine {
  readonly word: 'given' | 'when'
  /** Where it is recorded, where that isn't obvious. */
  readonly where?: string
  readonly type: string
  readonly data: unknown
}

/** A line of what was expected and recorded: as expected, expected only, recorded only. */
export interface ResultLine {
  readonly sign: ' ' | '-' | '+'
  readonly where?: string
  readonly type: string
  readonly data: unknown
  /** What is compared beside the data. */
  readonly beside?: unknown
  readonly remark?: string
}

const mostLines = 30

/**
 * given   OrderPlaced   { orderId: '17', total: 700 }
 * when    PayOrder      { orderId: '17' }
 * then  - OrderPaid     { orderId: '17', total: 750 }   expected
 *       + OrderPaid     { orderId: '17', total: 700 }   recorded
 */
export function tell(story: readonly StoryLine[], results: readonly ResultLine[]): readonly string[] {
  const lines = [
    ...story.map((line) => ({ ...line, sign: ' ', beside: undefined, remark: undefined })),
    ...results.map((line) => ({ ...line, word: 'then' as const })),
  ]
  const widthOf = (texts: readonly string[]) => Math.min(40, Math.max(0, ...texts.map((text) => text.length)))
  const where = widthOf(lines.map((line) => line.where ?? ''))
  const type = widthOf(lines.map((line) => line.type))
  let word = ''
  const told = lines.map((line) => {
    const shown = line.word === word ? '' : line.word
    word = line.word
    const place = where === 0 ? '' : `${(line.where ?? '').padEnd(where)}  `
    const text = `${shown.padEnd(5)} ${line.sign} ${place}${line.type.padEnd(type)}  ${inline(line.data, 90)}`
    const beside = line.beside === undefined ? '' : `  ${inline(line.beside)}`
    return line.remark === undefined ? text + beside : `${text + beside}   ${line.remark}`
  })
  if (told.length <= mostLines) return told
  // The end is where it went wrong.
  return [`… ${told.length - mostLines} lines before …`, ...told.slice(-mostLines)]
}
