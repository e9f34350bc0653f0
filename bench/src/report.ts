import type { Figure } from './figure.ts'
import { isReached, type Target, targetOf } from './targets.ts'

export function jsonLine(figure: Figure): string {
  return JSON.stringify(figure)
}

const columns = ['bench', 'figure', 'callers', 'peer', 'ours', 'theirs', 'ratio', 'to reach', ''] as const
const leftAligned = new Set([0, 1, 3, 8])

/** A table for people, with what is to be reached beside what was. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure): readonly string[] => {
    const target = targetOf(figure)
    const reached = target === undefined ? undefined : isReached(figure, target)
    return [
      figure.bench,
      figure.figure,
      String(figure.callers),
      figure.peer,
      figure.ours === null ? '–' : amount(figure.ours, figure.unit),
      amount(figure.theirs, figure.unit),
      figure.ratio === null ? '–' : digits(figure.ratio),
      target === undefined ? '' : aimText(target, figure.unit),
      reached === undefined ? '' : reached ? 'reached' : 'MISSED',
    ]
  })
  const widths = columns.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        leftAligned.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [line(columns), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n')
}

function aimText({ below, ratio }: Target, unit: string): string {
  return [
    ...(ratio === undefined ? [] : [`≥ ${digits(ratio)}`]),
    ...(below === undefined ? [] : [`< ${amount(below, unit)}`]),
  ].join(', ')
}

function amount(value: number, unit: string): string {
  return unit === '/s' ? `${digits(value)}/s` : `${digits(value)} ${unit}`
}

function digits(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
}
