import type { Change } from '@headwater/client'
import { count, cut, printable, widthOf } from './format.ts'
import type { Style } from './style.ts'

const widest = 72

/** Fields that are others now, a line each, their arrows below each other: `revenue  164,928.72 → 164,795.22`. */
export function changeTable(changes: readonly Change[], style: Style): readonly string[] {
  const rows = changes.map(({ path, before, after }) => ({
    path: printable(path),
    before: dataOf(before),
    after: dataOf(after),
  }))
  const paths = Math.max(0, ...rows.map(({ path }) => widthOf(path)))
  const befores = Math.max(0, ...rows.map(({ before }) => widthOf(before)))
  return rows.map(({ path, before, after }) => {
    const name = path + ' '.repeat(paths - widthOf(path))
    const old = ' '.repeat(befores - widthOf(before)) + before
    return `${paths === 0 ? '' : `${style.dim(name)}  `}${old} → ${after}`
  })
}

/** Some JSON on a line. */
export function dataOf(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'number') return count(value)
  return cut(printable(JSON.stringify(value)), widest)
}
