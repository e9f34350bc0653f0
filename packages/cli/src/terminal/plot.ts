/** One column of a plot. */
export interface PlotPoint {
  readonly value: number
  /** What it may also be. */
  readonly low?: number
  readonly high?: number
}

const rows = 9

/**
 * Draws points from left to right: what was as dots, what is expected as circles in a band. More points than columns are drawn
 * by the last ones.
 *
 * @param columns without the labels of the axis
 */
export function plot(points: readonly PlotPoint[], columns: number): string {
  const shown = points.slice(-Math.max(1, columns))
  const all = shown.flatMap(({ value, low = value, high = value }) => [value, low, high])
  const least = all.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY)
  const most = all.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY)
  const step = (most - least) / (rows - 1) || 1
  const rowOf = (value: number): number => Math.round((value - least) / step)
  const labels = [most, (least + most) / 2, least].map(short)
  const width = Math.max(...labels.map((label) => label.length))
  return Array.from({ length: rows }, (_, index) => {
    const row = rows - 1 - index
    const label =
      row === rows - 1 ? labels[0] : row === (rows - 1) / 2 ? labels[1] : row === 0 ? labels[2] : ''
    const cells = shown.map((point) => cellOf(point, row, rowOf))
    return `${(label ?? '').padStart(width)} ┤${cells.join('')}`.trimEnd()
  }).join('\n')
}

function cellOf({ value, low, high }: PlotPoint, row: number, rowOf: (value: number) => number): string {
  if (rowOf(value) === row) return low === undefined ? '•' : 'o'
  if (low === undefined || high === undefined) return ' '
  return row >= rowOf(low) && row <= rowOf(high) ? '░' : ' '
}

const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 })

/** `1.23M` */
function short(value: number): string {
  return compact.format(value)
}
