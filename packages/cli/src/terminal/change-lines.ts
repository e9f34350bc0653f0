import { inspect } from 'node:util'
import type { Change } from '@headwater/core'
import { printable } from './format.ts'
import type { Style } from './style.ts'

/** What an event changed in something, a line each. */
export function changeLines(changed: readonly Change[], style: Style): readonly string[] {
  return changed.map(({ path, before, after }) => {
    const name = path === '' ? '' : `${printable(path)}: `
    return style.dim(`    ${name}${brief(before)} → ${brief(after)}`)
  })
}

/** On one line. */
function brief(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: Number.POSITIVE_INFINITY, compact: true })
}
