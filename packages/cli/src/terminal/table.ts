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
const widestCell = 60

/** Rows in columns, numbers to the right; wide texts are cut where a line would not fit. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { style, width }: TableOptions,
): string {
  const cells = columns.map(({ title, value }) => {
    const values = rows.map(value)
    const right = values.length > 0 && values.every((one) => typeof one === 'number' || one === undefined)
    const texts = values.map(cellOf)
    return { title, texts, right, width: Math.max(widthOf(title), ...texts.map(widthOf)) }
  })
  if (width !== undefined) narrow(cells, width)
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, cells[index]?.width ?? 0, cells[index]?.right ?? false))
      .join(gap)
      .trimEnd()
  const header = style.dim(line(cells.map(({ title }) => title)))
  return [header, ...rows.map((_, row) => line(cells.map(({ texts }) => texts[row] ?? '')))].join('\n')
}

/** The widest columns give first. */
function narrow(cells: { width: number; right: boolean }[], width: number): void {
  const total = () => cells.reduce((sum, cell) => sum + cell.width + gap.length, -gap.length)
  const flexible = cells.filter(({ right }) => !right)
  for (const cell of flexible) cell.width = Math.min(cell.width, widestCell)
  while (total() > width) {
    const widest = flexible.reduce((one, other) => (other.width > one.width ? other : one), { width: 0 })
    if (widest.width <= 8) return
    widest.width--
  }
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
