import { count, cut, printable, widthOf } from './format.ts'
import type { Style } from './style.ts'

export interface Column<Row> {
  readonly title: string
  readonly value: (row: Row) => unknown
}

interface TableOptions {
  readonly style: Style
  /** Columns of the terminal; undefined: lines may be as long as they like. */
  readonly width: number | undefined
}

const gap = '  '
/** No column takes more than this where others want room too, and none is cut shorter than the other. */
const widestCell = 60
const narrowestCell = 14

interface Cells {
  readonly title: string
  readonly texts: readonly string[]
  readonly right: boolean
  width: number
}

/**
 * Rows in columns, numbers to the right. Where a line would not fit, wide texts are cut first, and then columns are left
 * out from the end: the header says how many.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { style, width }: TableOptions,
): string {
  const cells = columns.map((column) => cellsOf(column, rows))
  const shown = width === undefined ? cells : fit(cells, width)
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, shown[index]?.width ?? 0, shown[index]?.right ?? false))
      .join(gap)
      .trimEnd()
  const hidden = cells.length - shown.length
  const titles = line(shown.map(({ title }) => title)) + (hidden === 0 ? '' : `${gap}+${hidden}`)
  return [style.dim(titles), ...rows.map((_, row) => line(shown.map(({ texts }) => texts[row] ?? '')))].join(
    '\n',
  )
}

function cellsOf<Row>({ title, value }: Column<Row>, rows: readonly Row[]): Cells {
  const values = rows.map(value)
  const right = values.length > 0 && values.every((one) => typeof one === 'number' || one === undefined)
  const texts = values.map(cellOf)
  return { title, texts, right, width: Math.max(widthOf(title), ...texts.map(widthOf)) }
}

function fit(cells: readonly Cells[], width: number): readonly Cells[] {
  const total = () => cells.reduce((sum, cell) => sum + cell.width + gap.length, -gap.length)
  const texts = cells.filter(({ right }) => !right)
  if (total() > width) for (const cell of texts) cell.width = Math.min(cell.width, widestCell)
  while (total() > width) {
    const [widest] = texts.toSorted((one, other) => other.width - one.width)
    if (widest === undefined || widest.width <= narrowestCell) break
    widest.width--
  }
  if (total() <= width) return cells
  let used = `${gap}+${cells.length}`.length
  const count = cells.findIndex((cell) => (used += cell.width + gap.length) - gap.length > width)
  return cells.slice(0, Math.max(1, count))
}

function pad(text: string, width: number, right: boolean): string {
  const fitting = cut(text, width)
  const space = ' '.repeat(Math.max(0, width - widthOf(fitting)))
  return right ? space + fitting : fitting + space
}

/** A value as a person reads it in a table. */
export function cellOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number') return count(value)
  return printable(typeof value === 'string' ? value : JSON.stringify(value))
}
